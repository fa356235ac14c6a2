"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "linli.affairs.cases"
    label = "cases"
    verbose_name = "案件"
