"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Supervision: rounds, spot checks, findings with rectification and re-check, advice."""

    name = "linli.affairs.supervision"
    label = "supervision"
    verbose_name = "督查"

    def ready(self) -> None:
        """Declare the processes and attach their effects."""
        from linli.affairs.supervision import services

        _loaded = services
