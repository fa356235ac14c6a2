"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "linli.surfaces.portal"
    label = "portal"
    verbose_name = "居民端"
