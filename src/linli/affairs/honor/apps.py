"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class HonorConfig(AppConfig):
    """The honor market: 一拍三记四兑, shops, donations."""

    name = "linli.affairs.honor"
    label = "honor"
    verbose_name = "荣誉超市"

    def ready(self) -> None:
        """Declare the processes, attach their effects and listen to what earns points."""
        from linli.affairs.honor import follow, keeping, messages, services

        keeping.register()
        follow.connect()
        _loaded = (messages, services)
