"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The registry of addresses, houses, residents, households and organisations."""

    name = "linli.affairs.registry"
    label = "registry"
    verbose_name = "登记簿"

    def ready(self) -> None:
        """Attach what follows from other rooms' events, and say how long what is kept."""
        from linli.affairs.registry import following, keeping, services
        from linli.affairs.registry.forms import effects

        keeping.register()
        following.connect()
        _loaded = (services, effects)
