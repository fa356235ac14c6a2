"""Where messages leave: the SMS console of demonstrations, an SMS gateway, and webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from linli.kernel import clock

TIMEOUT_SECONDS = 10.0
_AGAIN = {408, 425, 429}


class TryAgain(Exception):
    """It did not get through this time."""


class Refused(Exception):
    """It will never get through; ``gone`` when the other side wants nothing more at all."""

    def __init__(self, reason: str, *, gone: bool = False) -> None:
        super().__init__(reason)
        self.gone = gone


@dataclass(frozen=True, slots=True)
class Sms:
    """A text message on its way out; ``id`` is what the gateway must not send twice."""

    id: UUID
    phone: str
    text: str


class SmsSink(Protocol):
    """Takes text messages. Raises ``TryAgain`` or ``Refused``."""

    def send(self, sms: Sms) -> None:
        """Send ``sms`` once, however often it is given."""


class ConsoleSink:
    """Writes each message as one line to standard output and keeps the last ones for tests."""

    last: ClassVar[deque[Sms]] = deque(maxlen=500)

    def send(self, sms: Sms) -> None:
        """Write the message; one that was written already is not written again."""
        if any(kept.id == sms.id for kept in self.last):
            return
        self.last.append(sms)
        sys.stdout.write(f"[短信] {clock.local():%Y-%m-%d %H:%M:%S} {sms.phone} {sms.text}\n")
        sys.stdout.flush()

    @classmethod
    def to(cls, phone: str) -> list[str]:
        """Return the texts that went to ``phone``, oldest first."""
        return [sms.text for sms in cls.last if sms.phone == phone]


class HttpSink:
    """Posts ``{"id", "to", "text"}`` to a gateway (``LINLI_SMS_URL``, bearer ``LINLI_SMS_TOKEN``)."""

    def send(self, sms: Sms) -> None:
        """Send the message; the gateway tells repetitions by ``Idempotency-Key``."""
        headers = {"Idempotency-Key": str(sms.id)}
        if settings.LINLI_SMS_TOKEN:
            headers["Authorization"] = f"Bearer {settings.LINLI_SMS_TOKEN}"
        body = json.dumps({"id": str(sms.id), "to": sms.phone, "text": sms.text}, ensure_ascii=False).encode()
        post(settings.LINLI_SMS_URL, body, headers)


def sms_sink() -> SmsSink:
    """Return the sink of this installation (``LINLI_SMS``); a practice folder has the console only."""
    if settings.LINLI_SMS == "console" or settings.LINLI_PRACTICE:
        return ConsoleSink()
    if settings.LINLI_SMS == "http" and settings.LINLI_SMS_URL:
        return HttpSink()
    raise ImproperlyConfigured(_("LINLI_SMS 须为 console 或 http；用 http 时还须设置 LINLI_SMS_URL"))


def post(url: str, body: bytes, headers: dict[str, str]) -> None:
    """Post JSON once, following no redirect. Raises ``TryAgain`` or ``Refused`` by what comes back."""
    import httpx  # only the worker sends; the web process does without

    try:
        answer = httpx.post(
            url,
            content=body,
            headers={"Content-Type": "application/json", "User-Agent": "linli"} | headers,
            timeout=TIMEOUT_SECONDS,
            follow_redirects=False,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        raise TryAgain(type(error).__name__) from error
    if answer.is_success:
        return
    if answer.status_code in _AGAIN or answer.status_code >= 500:
        raise TryAgain(f"HTTP {answer.status_code}")
    raise Refused(f"HTTP {answer.status_code}", gone=answer.status_code == 410)


def sign(secret: str, identifier: str, timestamp: int, body: bytes) -> str:
    """Return the signature of Standard Webhooks 1.0: ``v1,`` and base64 of HMAC-SHA256 over id.time.body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{identifier}.{timestamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(mac.digest()).decode("ascii")


def send_webhook(
    url: str,
    secrets: Sequence[str],
    *,
    identifier: UUID,
    event: str,
    happened: datetime,
    data: dict[str, Any],
) -> None:
    """Tell ``url`` that ``event`` happened, signed with each of ``secrets``; raises as :func:`post`."""
    payload = {"type": event, "timestamp": happened.isoformat(), "data": data}
    body = json.dumps(payload, ensure_ascii=False, default=str).encode()
    name, now = f"msg_{identifier.hex}", int(clock.now().timestamp())
    headers = {
        "webhook-id": name,
        "webhook-timestamp": str(now),
        "webhook-signature": " ".join(sign(secret, name, now, body) for secret in secrets),
    }
    post(url, body, headers)
