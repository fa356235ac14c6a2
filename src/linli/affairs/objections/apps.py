"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class ObjectionsConfig(AppConfig):
    """Objections to a dispatch, and the registers that they, rulings and refusals cite."""

    name = "linli.affairs.objections"
    label = "objections"
    verbose_name = "派单异议"

    def ready(self) -> None:
        """Declare the process and attach its effects."""
        from linli.affairs.objections import services, succession

        _loaded = (services, succession)
