"""Django's name for this room."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PolicyConfig(AppConfig):
    name = "linli.kernel.policy"
    label = "policy"
    verbose_name = "政策"

    def ready(self) -> None:
        """Register the shapes of all documents, the kernel's and each app's ``policy.py``; answer for the keepers."""
        import_module("linli.kernel.policy.shapes")
        import_module("linli.kernel.policy.keepers")
        autodiscover_modules("policy")
