"""Keys that live in the data folder: made once, readable by their owner only."""

from __future__ import annotations

import os
import secrets as _random

from linli.config import env

RINGS = frozenset({"fields"})
"""Secrets that are rings of several keys; the room that reads one looks at each key (kernel/crypto)."""


def get(name: str) -> str:
    """Return the secret ``name`` as hex of 256 bits: ``LINLI_SECRET_<NAME>`` if set, else the kept one.

    The kept one is made on first use.
    """
    given = env.text(f"LINLI_SECRET_{name.upper()}")
    if given:
        return _strong(f"LINLI_SECRET_{name.upper()}", given)
    folder = env.home() / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / name
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        value = _random.token_hex(32)
        try:
            # O_EXCL: two processes that start together must agree on one key.
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text(encoding="ascii").strip()
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(value)
        return value


def _strong(setting: str, value: str) -> str:
    """Return ``value`` if nobody could guess it. Raises ``BadSetting`` for a password, a pattern, a short key."""
    if setting.removeprefix("LINLI_SECRET_").lower() in RINGS:
        return value
    hexadecimal = len(value) >= 64 and not value.strip("0123456789abcdefABCDEF")
    # 64 random digits have 16 kinds among them; fewer than eight come about once in 10^17 times.
    if not hexadecimal or len(set(value.lower())) < 8:
        raise env.BadSetting(f"{setting} is too weak: 64 random hex digits, such as `openssl rand -hex 32` prints")
    return value
