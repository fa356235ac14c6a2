"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    """Daily, weekly and monthly reports and notices."""

    name = "linli.affairs.briefings"
    label = "briefings"
    verbose_name = "简报通报"

    def ready(self) -> None:
        """Declare the process and attach its effects."""
        from linli.affairs.briefings import services

        _loaded = services
