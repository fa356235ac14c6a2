"""Django's name for this room, and what it connects at start."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MattersConfig(AppConfig):
    """Matters: processes, stages, clocks, approvals, trail."""

    name = "linli.kernel.matters"
    label = "matters"
    verbose_name = "事项"

    def ready(self) -> None:
        """Declare the kernel's own processes, make number sequences after a migration, and follow other rooms."""
        from linli.kernel.matters import follow
        from linli.kernel.matters.numbers import make_sequences

        def after_migrate(**_options: Any) -> None:
            make_sequences()

        post_migrate.connect(after_migrate, sender=self, weak=False, dispatch_uid="linli.matters.sequences")
        follow.connect()
