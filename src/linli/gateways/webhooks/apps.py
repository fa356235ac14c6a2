"""Django's name for this gateway, and what it brings along."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Events for other systems."""

    name = "linli.gateways.webhooks"
    label = "webhooks"
    verbose_name = "事件推送"

    def ready(self) -> None:
        """Name the events of every process that is declared by now, and the desk's entry."""
        from linli.gateways.webhooks import desk, events

        events.register()
        _loaded = desk
