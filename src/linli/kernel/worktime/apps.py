"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class WorktimeConfig(AppConfig):
    name = "linli.kernel.worktime"
    label = "worktime"
    verbose_name = "工作日历"
