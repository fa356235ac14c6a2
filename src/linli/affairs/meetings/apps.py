"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Meetings, and the matters that their decisions are."""

    name = "linli.affairs.meetings"
    label = "meetings"
    verbose_name = "例会"

    def ready(self) -> None:
        """Declare the processes and attach their effects."""
        from linli.affairs.meetings import services
        from linli.affairs.meetings.models import Decision
        from linli.kernel.matters import succession

        succession.follows(Decision, "unit")
        _loaded = services
