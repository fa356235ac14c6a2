"""Django's name for this gateway, and what it brings along."""

from __future__ import annotations

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    """Orders of other systems."""

    name = "linli.gateways.hotline"
    label = "hotline"
    verbose_name = "热线"

    def ready(self) -> None:
        """Register the layouts, the job, the retention of orders and the desk's entry."""
        from linli.gateways.hotline import keeping, policy, tasks

        keeping.register()
        _loaded = (policy, tasks)
