"""Ed25519: signing with a key of this installation, and checking by anybody who has its public half.

Each purpose has a key of its own (``seal``, ``voucher`` …), kept with the other secrets: a leaked key of one
purpose says nothing under another.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings


@cache
def _key(purpose: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.LINLI_SECRET(purpose)))


def sign(purpose: str, message: bytes) -> bytes:
    """Return the 64 bytes of the signature over ``message`` with the key of ``purpose``."""
    return _key(purpose).sign(message)


def public_key(purpose: str) -> bytes:
    """Return the 32 bytes with which anybody can check what :func:`sign` signed."""
    return _key(purpose).public_key().public_bytes_raw()


def holds(
    public: bytes | memoryview[int], signature: bytes | memoryview[int], message: bytes | memoryview[int]
) -> bool:
    """Return whether ``signature`` over ``message`` was made with the private half of ``public``."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes(public)).verify(bytes(signature), bytes(message))
    except (InvalidSignature, ValueError):
        return False
    return True


def link_digest(number: int, at: datetime, count: int, content: bytes, previous: bytes) -> bytes:
    """Return the digest of one seal in a chain: SHA-256(previous ‖ number, time, count, one a line ‖ content)."""
    when = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(bytes(previous) + f"{number}\n{when}\n{count}\n".encode() + bytes(content)).digest()
