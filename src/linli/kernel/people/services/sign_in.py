"""Sign-in by a code sent to a phone: assurance 1. Nothing that could sign anybody in is ever stored."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.crypto import keyed_hash
from linli.kernel.errors import UserError
from linli.kernel.people import phones
from linli.kernel.people.events import CodeRequested, code_requested
from linli.kernel.people.models import Person, SignInCode
from linli.kernel.people.services.contacts import phone_hash, verify_phone

VALID = timedelta(minutes=5)
TRIES = 5
#: How many codes within how long: for one phone, and for one network address (a whole office may share one).
PHONE_LIMITS = ((timedelta(seconds=60), 1), (timedelta(hours=1), 5), (timedelta(days=1), 10))
NETWORK_LIMITS = ((timedelta(minutes=1), 10), (timedelta(hours=1), 60))


class TooMany(UserError):
    """Codes were asked for, or tried, too often; the text says when to try again."""

    code = "too_many"
    status = 429


class WrongCode(UserError):
    """The code is wrong, used or too old."""

    code = "wrong_code"


@dataclass(frozen=True, slots=True)
class Message:
    """What the gateway sends: made when it is sent, kept nowhere."""

    phone: str
    code: str
    expires_at: datetime


def _code(code_id: UUID) -> str:
    """Return the six digits of a row; they follow from its id and our key, so the row need not hold them."""
    return f"{int.from_bytes(keyed_hash(str(code_id), 'sign_in.code')[:8], 'big') % 1_000_000:06d}"


@transaction.atomic
def request_code(*, phone: str, network: str) -> UUID:
    """Have a code sent to ``phone``; whether anybody is known by it cannot be told from the answer.

    ``network`` is the caller's address. Raises :class:`UserError` on ``phone``, :class:`TooMany`.
    """
    number = phones.normalise(phone)
    if not phones.is_mobile(number):
        raise UserError(_("请填写能收短信的11位手机号。"), field="phone")
    hashed, place = phone_hash(number), keyed_hash(network, "network")
    _one_at_a_time(hashed, place)
    _limit(PHONE_LIMITS, phone_hash=hashed)
    _limit(NETWORK_LIMITS, network_hash=place)
    moment = clock.now()
    row = SignInCode.objects.create(
        phone=number, phone_hash=hashed, network_hash=place, created_at=moment, expires_at=moment + VALID
    )
    code_requested.send(CodeRequested(row.pk))
    return row.pk


def _one_at_a_time(*hashes: bytes) -> None:
    """Let requests for one phone or from one address wait for each other, to the end of the transaction."""
    with connection.cursor() as cursor:
        for key in sorted(int.from_bytes(value[:8], "big", signed=True) for value in hashes):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _limit(limits: tuple[tuple[timedelta, int], ...], **whose: bytes) -> None:
    moment = clock.now()
    for span, most in limits:
        sent = SignInCode.objects.filter(created_at__gt=moment - span, **whose).order_by("created_at")
        times = list(sent.values_list("created_at", flat=True)[: most + 1])
        if len(times) >= most:
            wait = max(1, -int((moment - times[0] - span).total_seconds() // 60))
            raise TooMany(
                _("验证码发送太频繁；请%(minutes)d分钟后再试，或拨打电话由工作人员代办。") % {"minutes": wait}
            )


def message_of(code_id: UUID) -> Message | None:
    """Return what to send for a requested code, or None when it is used or too old by now."""
    row = SignInCode.objects.filter(pk=code_id, used_at=None, expires_at__gt=clock.now()).first()
    return Message(row.phone, _code(row.pk), row.expires_at) if row else None


def verify_code(*, phone: str, code: str) -> Person:
    """Return the person who proved to have ``phone``, known at assurance 1 at least.

    Only the newest code counts, five tries each, once. Raises :class:`WrongCode`, :class:`TooMany`.
    """
    number = phones.normalise(phone)
    with transaction.atomic():
        row = (
            SignInCode.objects.select_for_update().filter(phone_hash=phone_hash(number)).order_by("-created_at").first()
        )
        person = _try(row, number, code) if row else None
    # raised after the transaction, so that the try is counted
    if person is not None:
        return person
    if row is not None and row.tries >= TRIES:
        raise TooMany(_("验证码已试过5次；请重新获取验证码。"), field="code")
    raise WrongCode(_("验证码不对或已过期；请核对短信，或重新获取验证码。"), field="code")


def _try(row: SignInCode, number: str, code: str) -> Person | None:
    if row.used_at is not None or row.tries >= TRIES or row.expires_at <= clock.now():
        return None
    SignInCode.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    row.tries += 1
    if not hmac.compare_digest(_code(row.pk).encode(), code.strip().encode()):
        return None
    SignInCode.objects.filter(pk=row.pk).update(used_at=clock.now())
    return verify_phone(number)
