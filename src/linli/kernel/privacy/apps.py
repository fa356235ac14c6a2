"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "linli.kernel.privacy"
    label = "privacy"
    verbose_name = "隐私"

    def ready(self) -> None:
        """Say what the kernel itself keeps, and for how long."""
        from linli.kernel.privacy import own

        own.register()
