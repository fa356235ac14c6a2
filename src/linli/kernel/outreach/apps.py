"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OutreachConfig(AppConfig):
    name = "linli.kernel.outreach"
    label = "outreach"
    verbose_name = "通知"

    def ready(self) -> None:
        """Let every room register its messages."""
        autodiscover_modules("messages")
