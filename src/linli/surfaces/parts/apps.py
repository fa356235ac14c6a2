"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class PartsConfig(AppConfig):
    name = "linli.surfaces.parts"
    label = "parts"
    verbose_name = "部件"
