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
        """Register the shapes of all documents: the kernel's own, and each app's ``policy.py``."""
        import_module("linli.kernel.policy.shapes")
        autodiscover_modules("policy")
