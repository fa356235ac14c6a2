"""Signed codes: on the poster at the place (check in, check out), and on the phone of whoever takes part.

Each is an address with a token, so any phone's camera leads to the right page, and a token made up by somebody else is
refused. Beside the token stand six digits to say aloud; both follow from keys of this installation, nothing is stored.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid

from django.conf import settings
from django.urls import reverse

from linli.kernel import crypto

KEY = "attendance"
WAYS = ("in", "out")


def poster_token(number: str, way: str) -> str:
    """Return what the poster of an activity holds for checking in (``in``) or out (``out``)."""
    return _signed(f"{number}.{way}")


def poster_address(number: str, way: str) -> str:
    """Return the address behind the poster's code."""
    return f"{settings.BASE_URL}{reverse('portal:volunteer-at', args=[number])}?c={poster_token(number, way)}"


def way_of(number: str, given: str) -> str:
    """Return what a poster's token or its six digits are for: ``in``, ``out``, or ``""`` for neither."""
    text = _bare(given)
    if text.isdecimal():
        return next((way for way in WAYS if hmac.compare_digest(poster_digits(number, way), text)), "")
    head = _opened(text)
    return next((way for way in WAYS if head == f"{number}.{way}"), "")


def poster_digits(number: str, way: str) -> str:
    """Return the six digits under the poster's code, for whoever cannot scan."""
    return _digits(f"poster.{number}.{way}".encode())


def own_token(number: str, matter_id: uuid.UUID) -> str:
    """Return the token on the phone of whoever takes part, for the organiser to scan."""
    return _signed(f"{number}.{own_digits(matter_id)}")


def own_address(number: str, matter_id: uuid.UUID) -> str:
    """Return the address behind that code: the organiser's page."""
    return f"{settings.BASE_URL}{reverse('volunteering:scan')}?c={own_token(number, matter_id)}"


def own_digits(matter_id: uuid.UUID) -> str:
    """Return the six digits of a signing up."""
    return _digits(b"own." + matter_id.bytes)


def own_number(given: str) -> str:
    """Return the number of the signing up that a scanned token names, ``""`` when it is none of ours."""
    head = _opened(_bare(given))
    return head.split(".")[0] if head else ""


def _bare(given: str) -> str:
    return given.strip().rsplit("?c=", 1)[-1].replace(" ", "")


def _digits(message: bytes) -> str:
    mac = hmac.new(bytes.fromhex(settings.LINLI_SECRET(KEY)), message, hashlib.sha256).digest()
    return f"{int.from_bytes(mac[:8], 'big') % 10**6:06d}"


def _signed(text: str) -> str:
    signature = base64.urlsafe_b64encode(crypto.sign(KEY, text.encode())).rstrip(b"=").decode()
    return f"{text}.{signature}"


def _opened(token: str) -> str:
    head, dot, signature = token.rpartition(".")
    try:
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except ValueError:
        return ""
    return head if dot and crypto.holds(crypto.public_key(KEY), raw, head.encode()) else ""
