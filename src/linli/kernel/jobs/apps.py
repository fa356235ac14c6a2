"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """Jobs: background work, events, gates."""

    name = "linli.kernel.jobs"
    label = "jobs"
    verbose_name = "后台任务"

    def ready(self) -> None:
        """Let every room register what runs in the background."""
        autodiscover_modules("tasks")
