"""Django's name for this surface, and what it finds at start."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PortalConfig(AppConfig):
    """The portal: where residents report, follow and judge."""

    name = "linli.surfaces.portal"
    label = "portal"
    verbose_name = "居民端"

    def ready(self) -> None:
        """Fill the bars and the first page, and find each affair's ``portal.py``."""
        import_module(f"{self.name}.shell")
        autodiscover_modules("portal")
