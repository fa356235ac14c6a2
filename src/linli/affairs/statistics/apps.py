"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """Statistics: indices, publication, drawing for a second look, rising topics."""

    name = "linli.affairs.statistics"
    label = "statistics"
    verbose_name = "统计与审计"

    def ready(self) -> None:
        """Declare the processes, attach their effects, and let the worker know what it does by itself."""
        from linli.affairs.statistics import policy, services, tasks

        _loaded = (policy, services, tasks)
