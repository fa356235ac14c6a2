"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class WhistlesConfig(AppConfig):
    """Whistles: blown, reported in to, verified and evaluated; objections and duty lists."""

    name = "linli.affairs.whistles"
    label = "whistles"
    verbose_name = "吹哨报到"

    def ready(self) -> None:
        """Declare the processes and attach their effects."""
        from linli.affairs.whistles import keeping, services
        from linli.affairs.whistles.appeals import services as appeals
        from linli.affairs.whistles.bulletins import services as bulletins
        from linli.affairs.whistles.models import Remainder, ReportIn, Whistle
        from linli.affairs.whistles.powers import services as powers
        from linli.kernel.matters import succession

        keeping.register()
        for model, field in ((ReportIn, "unit"), (Remainder, "unit"), (Whistle, "lead_unit"), (Whistle, "suggested")):
            succession.follows(model, field)
        _loaded = (services, appeals, bulletins, powers)
