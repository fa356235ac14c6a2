"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StorageConfig(AppConfig):
    name = "linli.kernel.storage"
    label = "storage"
    verbose_name = "数据存放"

    def ready(self) -> None:
        from linli.kernel.storage import grants, lookups  # noqa: F401 - lookups register themselves

        # Sent once for each app after all migrations have run: ours alone is enough.
        post_migrate.connect(grants.apply, sender=self, dispatch_uid="linli.storage.grants")
