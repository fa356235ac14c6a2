"""Django's name for this surface, and what it finds at start."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DeskConfig(AppConfig):
    """The desk: where staff work."""

    name = "linli.surfaces.desk"
    label = "desk"
    verbose_name = "工作台"

    def ready(self) -> None:
        """Fill the bars, show approvals and changes, and find each affair's ``desk.py``."""
        for name in ("shell", "panels", "changing"):
            import_module(f"{self.name}.{name}")
        autodiscover_modules("desk")
