"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "linli.gateways.hotline"
    label = "hotline"
    verbose_name = "热线"
