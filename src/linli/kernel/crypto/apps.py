"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class CryptoConfig(AppConfig):
    name = "linli.kernel.crypto"
    label = "crypto"
    verbose_name = "加密"
