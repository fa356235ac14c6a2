"""Encrypting short texts, authenticated: AES-256-GCM, or SM4-GCM where national cryptography is required.

SM4 is GB/T 32907, its GCM mode RFC 8998; SM3 is GB/T 32905 (domain rule: the prefix states the algorithm).
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from linli.kernel.crypto.keyring import hash_key, keyring

_NONCE, _TAG = 12, 16


class Unreadable(Exception):
    """A protected value cannot be read; the text says what the operator has to do."""


def aes_seal(key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    """Return ciphertext and tag of AES-256-GCM."""
    return AESGCM(key).encrypt(nonce, plain, aad)


def aes_open(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    """Return what :func:`aes_seal` was given. Raises ``InvalidTag``."""
    return AESGCM(key).decrypt(nonce, sealed, aad)


def sm4_seal(key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    """Return ciphertext and tag of SM4-GCM."""
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(aad)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def sm4_open(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    """Return what :func:`sm4_seal` was given. Raises ``InvalidTag``."""
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, sealed[-_TAG:])).decryptor()
    decryptor.authenticate_additional_data(aad)
    return decryptor.update(sealed[:-_TAG]) + decryptor.finalize()


_Work = Callable[[bytes, bytes, bytes, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One way to encrypt: its prefix, its key's purpose and length, and the work."""

    prefix: str
    purpose: str
    key_length: int
    seal: _Work
    open: _Work
    hash: hashes.HashAlgorithm


ALGORITHMS = {
    "aes": Algorithm("v1", "fields aes-256-gcm", 32, aes_seal, aes_open, hashes.SHA256()),
    "sm4": Algorithm("s1", "fields sm4-gcm", 16, sm4_seal, sm4_open, hashes.SM3()),
}
_BY_PREFIX = {algorithm.prefix: algorithm for algorithm in ALGORITHMS.values()}


def algorithm() -> Algorithm:
    """Return the algorithm of this installation (``LINLI_CIPHER``: aes or sm4)."""
    try:
        return ALGORITHMS[settings.LINLI_CIPHER]
    except KeyError:
        raise ImproperlyConfigured(_("LINLI_CIPHER 须为 aes 或 sm4")) from None


def current_prefix() -> str:
    """Return how a ciphertext of the current algorithm and key begins: ``v1:k1:``."""
    return f"{algorithm().prefix}:{keyring().current}:"


def encrypt(plain: str, aad: str) -> str:
    """Return ``plain`` as ``v1:<key id>:<base64 of nonce, ciphertext, tag>``, bound to its place ``aad``.

    ``aad`` is ``table.column``: a value copied into another column cannot be read there.
    """
    chosen, ring = algorithm(), keyring()
    nonce = os.urandom(_NONCE)
    key = ring.key(ring.current, chosen.purpose, chosen.key_length)
    sealed = nonce + chosen.seal(key, nonce, plain.encode(), aad.encode())
    return f"{chosen.prefix}:{ring.current}:{base64.b64encode(sealed).decode('ascii')}"


def decrypt(stored: str, aad: str) -> str:
    """Return what :func:`encrypt` was given, whichever algorithm and key of the ring it used.

    Raises ``Unreadable`` when the key is missing or wrong, or the value was changed or moved.
    """
    prefix, _colon, rest = stored.partition(":")
    identifier, _colon, body = rest.partition(":")
    chosen = _BY_PREFIX.get(prefix)
    if chosen is None or not body:
        raise Unreadable(_("%(place)s 中的内容不是密文；请用导入时的备份核对") % {"place": aad})
    try:
        key = keyring().key(identifier, chosen.purpose, chosen.key_length)
    except KeyError:
        raise Unreadable(
            _("%(place)s 用密钥 %(key)s 加密，但钥匙串里没有它；请把该密钥加回 LINLI_SECRET_FIELDS")
            % {"place": aad, "key": identifier}
        ) from None
    try:
        sealed = base64.b64decode(body, validate=True)
        return chosen.open(key, sealed[:_NONCE], sealed[_NONCE:], aad.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError):
        raise Unreadable(
            _("%(place)s 无法解密：密钥 %(key)s 不对，或内容被改动过；请核对密钥与数据库是否出自同一套备份")
            % {"place": aad, "key": identifier}
        ) from None


def keyed_hash(value: str, purpose: str) -> bytes:
    """Return 32 bytes by which an encrypted ``value`` is found again: HMAC-SHA256, or HMAC-SM3 with SM4.

    ``purpose`` (``phone``, ``phone.last4``) keeps equal values of different fields apart. The caller
    normalises the value first. The algorithm must not change once there is data.
    """
    mac = hmac.HMAC(hash_key(), algorithm().hash)
    mac.update(purpose.encode() + b"\x00" + value.encode())
    return mac.finalize()
