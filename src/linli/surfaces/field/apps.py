"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "linli.surfaces.field"
    label = "field"
    verbose_name = "网格端"
