"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class TalliesConfig(AppConfig):
    name = "linli.kernel.tallies"
    label = "tallies"
    verbose_name = "统计"
