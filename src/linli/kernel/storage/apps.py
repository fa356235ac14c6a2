"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class StorageConfig(AppConfig):
    name = "linli.kernel.storage"
    label = "storage"
    verbose_name = "数据存放"
