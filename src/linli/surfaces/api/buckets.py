"""How often one network address may do something anonymously: a token bucket in one statement."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.crypto import keyed_hash
from linli.kernel.errors import UserError
from linli.surfaces.api.models import Bucket
from linli.surfaces.parts.callers import network

KEPT = timedelta(days=1)

_TAKE = """
INSERT INTO api_bucket AS b (key, tokens, at) VALUES (%(key)s, %(size)s - 1, %(now)s)
ON CONFLICT (key) DO UPDATE SET
  tokens = least(%(size)s, b.tokens + greatest(0, extract(epoch FROM %(now)s - b.at)) * %(rate)s) - 1,
  at = greatest(b.at, %(now)s)
WHERE least(%(size)s, b.tokens + greatest(0, extract(epoch FROM %(now)s - b.at)) * %(rate)s) >= 1
RETURNING tokens
"""


class TooOften(UserError):
    """Too many requests from one address; ``retry_after`` is in seconds."""

    code = "too_often"
    status = 429

    def __init__(self, retry_after: int) -> None:
        minutes = math.ceil(retry_after / 60)
        super().__init__(
            _("提交太频繁，请%(minutes)d分钟后再试。事情紧急请打 110、119、120 或 12345。") % {"minutes": minutes}
        )
        self.retry_after = retry_after


@dataclass(frozen=True)
class Allowance:
    """How many at once, and how many more an hour. A whole office or school may share one address."""

    purpose: str
    size: int
    per_hour: int

    def take(self, request: HttpRequest) -> None:
        """Take one for the request's address. Raises :class:`TooOften`."""
        key = keyed_hash(f"{self.purpose} {network(request)}", "network")
        rate = self.per_hour / 3600
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, {"key": key, "size": float(self.size), "rate": rate, "now": clock.now()})
            if cursor.fetchone() is not None:
                return
        left = Bucket.objects.filter(key=key).values_list("tokens", flat=True).first() or 0.0
        raise TooOften(max(1, math.ceil((1 - left) / rate)))


def forget() -> int:
    """Delete the buckets that have long been full again; returns how many."""
    return Bucket.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
