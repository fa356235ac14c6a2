"""The keys of protected columns: several at a time, one of which encrypts."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.translation import gettext as _

SECRET = "fields"  # noqa: S105 - the name of the secret, not the secret
_ENTRY = re.compile(r"(?:([a-z0-9]{1,16}):)?([0-9a-f]{64})")
_FIRST_ID = "k1"


@dataclass(frozen=True, slots=True)
class Keyring:
    """Master keys by id; ``current`` is the id of the one that encrypts."""

    current: str
    masters: Mapping[str, bytes]

    def key(self, identifier: str, purpose: str, length: int) -> bytes:
        """Return the key derived from master ``identifier`` for ``purpose``. Raises ``KeyError``."""
        return _derive(self.masters[identifier], purpose, length)


@cache
def _derive(master: bytes, purpose: str, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=f"linli {purpose}".encode()).derive(master)


def parse(text: str) -> Keyring:
    """Read ``k2:<64 hex>,k1:<64 hex>``: the first encrypts, all decrypt; one without an id is ``k1``.

    Raises ``ImproperlyConfigured`` (without the text: it is the secret).
    """
    masters: dict[str, bytes] = {}
    for number, entry in enumerate(re.split(r"[,\s]+", text.strip()), start=1):
        found = _ENTRY.fullmatch(entry)
        identifier = (found.group(1) or _FIRST_ID) if found else ""
        if found is None or identifier in masters:
            raise ImproperlyConfigured(
                _("字段密钥（LINLI_SECRET_FIELDS）第 %(number)d 项有误：应为“编号:64位十六进制”，编号不重复")
                % {"number": number}
            )
        masters[identifier] = bytes.fromhex(found.group(2))
    return Keyring(next(iter(masters)), masters)


def extended(text: str) -> str:
    """Return the secret ``text`` with a new key in front, ready to be kept; afterwards run ``rotate``."""
    ring = parse(text)
    number = 1 + max((int(k[1:]) for k in ring.masters if re.fullmatch(r"k\d+", k)), default=0)
    kept = [f"{identifier}:{master.hex()}" for identifier, master in ring.masters.items()]
    return ",".join([f"k{number}:{secrets.token_hex(32)}", *kept])


@cache
def keyring() -> Keyring:
    """Return the keys of this process, read once."""
    return parse(settings.LINLI_SECRET(SECRET))


@cache
def hash_key() -> bytes:
    """Return the key of keyed hashes: a secret of its own, since changing it would lose every row."""
    return bytes.fromhex(settings.LINLI_SECRET("hashes"))


def forget(**_changed: Any) -> None:
    """Read the keys again at next use."""
    keyring.cache_clear()
    hash_key.cache_clear()


setting_changed.connect(forget)
