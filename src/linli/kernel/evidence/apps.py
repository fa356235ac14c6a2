"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "linli.kernel.evidence"
    label = "evidence"
    verbose_name = "佐证"
