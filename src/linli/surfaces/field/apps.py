"""Django's name for this surface, and what it finds at start."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class FieldConfig(AppConfig):
    """The field: grid workers on a phone."""

    name = "linli.surfaces.field"
    label = "field"
    verbose_name = "网格端"

    def ready(self) -> None:
        """Fill the bars, and find each affair's ``field.py``."""
        import_module(f"{self.name}.shell")
        autodiscover_modules("field")
