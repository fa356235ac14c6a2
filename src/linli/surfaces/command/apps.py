"""Django's name for this surface, and what it finds at start."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CommandConfig(AppConfig):
    """The command centre: the district at a glance."""

    name = "linli.surfaces.command"
    label = "command"
    verbose_name = "指挥中心"

    def ready(self) -> None:
        """Register the boards' policy and the door on the desk, and find each affair's ``command.py``."""
        for name in ("policy", "shell"):
            import_module(f"{self.name}.{name}")
        autodiscover_modules("command")
