"""Encrypted columns, keyed hashes, key rotation."""

from __future__ import annotations

from linli.kernel.crypto.ciphers import Unreadable, decrypt, encrypt, keyed_hash
from linli.kernel.crypto.fields import EncryptedTextField
from linli.kernel.crypto.keyring import extended
from linli.kernel.crypto.rotation import pending, rotate
from linli.kernel.crypto.signing import holds, link_digest, public_key, sign

__all__ = [
    "EncryptedTextField",
    "Unreadable",
    "decrypt",
    "encrypt",
    "extended",
    "holds",
    "keyed_hash",
    "link_digest",
    "pending",
    "public_key",
    "rotate",
    "sign",
]
