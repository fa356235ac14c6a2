"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class VolunteeringConfig(AppConfig):
    """Volunteering: points tasks, activities, hours, certificates, teams."""

    name = "linli.affairs.volunteering"
    label = "volunteering"
    verbose_name = "志愿服务"

    def ready(self) -> None:
        """Declare the processes, attach their effects, register messages and what is kept how long."""
        from linli.affairs.volunteering import keeping, messages, services

        keeping.register()
        _loaded = (messages, services)
