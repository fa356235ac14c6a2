"""The secret part of a matter's tracking link: derived, so nothing that could leak is stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from functools import cache

from django.conf import settings


@cache
def _key() -> bytes:
    return bytes.fromhex(settings.LINLI_SECRET("links"))


def secret_of(matter_id: uuid.UUID) -> str:
    """Return the 16-character secret of a matter: 80 bits of HMAC-SHA256 under the key *links*."""
    mac = hmac.new(_key(), matter_id.bytes, hashlib.sha256).digest()
    return base64.b32encode(mac[:10]).decode().lower()


def is_secret_of(matter_id: uuid.UUID, secret: str) -> bool:
    """Return whether ``secret`` opens the matter; compares in constant time."""
    return hmac.compare_digest(secret_of(matter_id).encode(), secret.strip().lower().encode())
