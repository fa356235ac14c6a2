"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """Statistics: indices, publication, drawing for a second look, rising topics."""

    name = "linli.affairs.statistics"
    label = "statistics"
    verbose_name = "统计与审计"

    def ready(self) -> None:
        """Load the shapes of policy and listen to what is counted."""
        from linli.affairs.statistics import policy, services

        _loaded = (policy, services)
