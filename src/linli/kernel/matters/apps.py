"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "linli.kernel.matters"
    label = "matters"
    verbose_name = "事项"
