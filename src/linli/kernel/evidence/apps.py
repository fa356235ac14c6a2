"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "linli.kernel.evidence"
    label = "evidence"
    verbose_name = "佐证"

    def ready(self) -> None:
        """Say what this room keeps of people, and for how long."""
        from linli.kernel.evidence import keeping

        keeping.register()
