"""Pick-up codes: eight digits to say at the counter, and a QR that proves itself.

The QR holds the address of the shop keeper's page with a signed token, so any phone's camera leads there, the
resident's own phone may be offline or made of paper, and a token made up by somebody else is refused.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from functools import cache

from django.conf import settings
from django.urls import reverse

from linli.kernel import crypto

KEY = "vouchers"


@cache
def _key() -> bytes:
    return bytes.fromhex(settings.LINLI_SECRET(KEY))


def digits_of(matter_id: uuid.UUID) -> str:
    """Return the eight digits that stand for a reservation; derived, so nothing that could leak is stored."""
    mac = hmac.new(_key(), matter_id.bytes, hashlib.sha256).digest()
    return f"{int.from_bytes(mac[:8], 'big') % 10**8:08d}"


def token_of(number: str, matter_id: uuid.UUID) -> str:
    """Return the signed token in the QR: ``number.digits.signature``."""
    text = f"{number}.{digits_of(matter_id)}"
    signature = base64.urlsafe_b64encode(crypto.sign(KEY, text.encode())).rstrip(b"=").decode()
    return f"{text}.{signature}"


def address_of(number: str, matter_id: uuid.UUID) -> str:
    """Return the address that the QR holds: the counter's page for this reservation."""
    return f"{settings.BASE_URL}{reverse('honor:counter')}?c={token_of(number, matter_id)}"


def is_code_of(number: str, matter_id: uuid.UUID, given: str) -> bool:
    """Return whether ``given`` (digits, a token, or a whole scanned address) opens this reservation."""
    text = given.strip().rsplit("?c=", 1)[-1].replace(" ", "")
    if "." in text:
        head, _, signature = text.rpartition(".")
        if head.split(".")[0] != number or not _signed(head, signature):
            return False
        text = head.rpartition(".")[2]
    return hmac.compare_digest(text.encode(), digits_of(matter_id).encode())


def number_in(given: str) -> str:
    """Return the reservation's number that a token or a scanned address names; ``""`` for mere digits."""
    text = given.strip().rsplit("?c=", 1)[-1]
    return text.split(".")[0].upper() if "." in text else ""


def _signed(head: str, signature: str) -> bool:
    try:
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except ValueError:
        return False
    return crypto.holds(crypto.public_key(KEY), raw, head.encode())
