"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Surveys of awareness, satisfaction and feeling safe."""

    name = "linli.affairs.surveys"
    label = "surveys"
    verbose_name = "抽样调查"

    def ready(self) -> None:
        """Declare the process and attach its effects."""
        from linli.affairs.surveys import keeping, services

        keeping.register()
        _loaded = services
