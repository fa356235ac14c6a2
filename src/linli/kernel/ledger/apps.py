"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger: double entry for points, funds and stock."""

    name = "linli.kernel.ledger"
    label = "ledger"
    verbose_name = "账本"
