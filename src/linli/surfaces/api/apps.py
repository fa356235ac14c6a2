"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "linli.surfaces.api"
    label = "api"
    verbose_name = "接口"
