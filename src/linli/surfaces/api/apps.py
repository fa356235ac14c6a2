"""Django's name for this surface, and what it finds at start."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ApiConfig(AppConfig):
    """The API: what other systems and our own pages' scripts speak with."""

    name = "linli.surfaces.api"
    label = "api"
    verbose_name = "接口"

    def ready(self) -> None:
        """Find each room's and affair's ``api.py``, which adds routers and facts to the registry."""
        from linli.surfaces.api import tasks

        _loaded = tasks
        autodiscover_modules("api")
