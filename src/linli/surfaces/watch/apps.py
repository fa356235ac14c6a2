"""Django's name for this surface, and what it connects at start."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class WatchConfig(AppConfig):
    """Watching: health, figures, logs, the status page."""

    name = "linli.surfaces.watch"
    label = "watch"
    verbose_name = "运行状态"

    def ready(self) -> None:
        """Note slow statements on every connection, name matters in logs, put up the door of the page."""
        import_module(f"{self.name}.noting")
        import_module(f"{self.name}.desk")
