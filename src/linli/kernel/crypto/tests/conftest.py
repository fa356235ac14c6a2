"""A table with encrypted columns, and keys of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from linli.kernel import crypto
from linli.kernel.crypto import keyring, rotation
from linli.kernel.storage.models import Row

ONE, TWO = "11" * 32, "22" * 32


class Locker(Row):
    """A table of this test only."""

    secret = crypto.EncryptedTextField(blank=True, null=True)
    other = crypto.EncryptedTextField(blank=True)

    class Meta:
        app_label = "crypto_tests"


@pytest.fixture
def keys(settings: Any) -> Iterator[dict[str, str]]:
    """Secrets of this test; changing one takes effect after ``keyring.forget()``."""
    held = {"fields": f"k1:{ONE}", "hashes": "33" * 32}
    settings.LINLI_SECRET = held.__getitem__
    settings.LINLI_CIPHER = "aes"
    yield held
    keyring.forget()


@pytest.fixture
def table(db: None, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Locker)
    ours = [(Locker, Locker._meta.get_field(name)) for name in ("secret", "other")]
    monkeypatch.setattr(rotation, "columns", lambda: ours)
