"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class DispatchingConfig(AppConfig):
    """The dispatch catalogue as policy, the suggestion beside it, and how well both do."""

    name = "linli.affairs.dispatching"
    label = "dispatching"
    verbose_name = "派单目录与建议"

    def ready(self) -> None:
        """Let the catalogue propose before the tables of categories do."""
        from linli.affairs.dispatching import catalogue, policy, tasks
        from linli.affairs.objections import registers

        registers.named.fill(catalogue.proposals)
        _loaded = policy, tasks
