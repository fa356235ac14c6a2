"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class PracticeConfig(AppConfig):
    """The exercises of the practice ground; in a real installation they are not there."""

    name = "linli.affairs.practice"
    label = "practice"
    verbose_name = "练习"
