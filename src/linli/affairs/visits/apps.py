"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Visits, promises made on them, pairings, and the seven members of a grid."""

    name = "linli.affairs.visits"
    label = "visits"
    verbose_name = "走访"

    def ready(self) -> None:
        """Declare the process and attach its effects."""
        from linli.affairs.visits import keeping, services

        keeping.register()
        _loaded = services
