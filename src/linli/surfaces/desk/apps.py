"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "linli.surfaces.desk"
    label = "desk"
    verbose_name = "工作台"
