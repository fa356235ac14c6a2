"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "linli.kernel.outreach"
    label = "outreach"
    verbose_name = "通知"
