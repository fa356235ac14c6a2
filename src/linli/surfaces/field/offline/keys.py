"""Keys that the server lends to a phone: one opens the phone's store after signing in, one seals the hand-in file.

Both follow from the field keys of the installation (``LINLI_SECRET_FIELDS``) and are stored nowhere. A phone
that has been without contact for too long has forgotten everything that could open its store; only the secret
from here opens it again, and that needs a sign-in.
"""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils.translation import gettext as _

from linli.kernel.crypto.keyring import keyring
from linli.kernel.errors import UserError

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256 (FIPS 186-4 D.1.2.3): a private key is a number below it."""
FORMAT = "linli-field-outbox"
INFO = b"linli field hand-in"


@dataclass(frozen=True)
class Lent:
    """A key and the id of the master it follows from, so that it can be asked for again after a change of keys."""

    id: str
    value: bytes

    def as_json(self) -> dict[str, str]:
        """Return it for the phone."""
        return {"id": self.id, "value": base64.b64encode(self.value).decode("ascii")}


def unlocking(account_id: uuid.UUID, identifier: str = "") -> Lent | None:
    """Return the 32 bytes that open this account's store on a phone; ``None`` when that master key is gone.

    ``identifier`` is the master under which the store was locked; without it, the current one.
    """
    ring = keyring()
    name = identifier or ring.current
    if name not in ring.masters:
        return None
    return Lent(name, ring.key(name, f"field store {account_id}", 32))


def _private(identifier: str) -> ec.EllipticCurvePrivateKey:
    # 48 bytes reduced below the order leave no measurable bias (FIPS 186-4 B.4.1).
    number = int.from_bytes(keyring().key(identifier, "field hand-in p-256", 48), "big")
    return ec.derive_private_key(number % (ORDER - 1) + 1, CURVE)


def hand_in_key() -> Lent:
    """Return the public key (uncompressed point, 65 bytes) to which phones seal what is handed in at a desk."""
    name = keyring().current
    point = _private(name).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return Lent(name, point)


def opened(content: bytes) -> dict[str, Any]:
    """Return what a phone put into a hand-in file. Raises :class:`UserError` with what to do."""
    try:
        outer = json.loads(content)
        if outer["format"] != FORMAT or not isinstance(outer["key"], str):
            raise ValueError(outer["format"])
        name, point, iv, sealed = outer["key"], *(base64.b64decode(outer[k]) for k in ("point", "iv", "sealed"))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UserError(_("这不是网格端存下的交接文件。请在手机的“待上传”里重新存一份。"), field="file") from None
    if name not in keyring().masters:
        text = _("打开这个文件的密钥已经停用。请联系系统管理员找回密钥 %(key)s，或让手机联网直接上传。")
        raise UserError(text % {"key": name}, field="file")
    try:
        shared = _private(name).exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point))
        key = HKDF(hashes.SHA256(), 32, salt=None, info=INFO).derive(shared)
        found: dict[str, Any] = json.loads(AESGCM(key).decrypt(iv, sealed, None))
    except (InvalidTag, ValueError, RecursionError):
        text = _("文件打不开：可能没有传完整，或不是这个单位的手机存的。请在手机上重新存一份再交。")
        raise UserError(text, field="file") from None
    return found
