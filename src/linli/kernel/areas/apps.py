"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "linli.kernel.areas"
    label = "areas"
    verbose_name = "区域"
