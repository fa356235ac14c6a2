"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "linli.kernel.policy"
    label = "policy"
    verbose_name = "政策"
