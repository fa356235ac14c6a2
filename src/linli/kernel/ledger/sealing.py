"""The daily seal: one signed digest over the lines that came since the last, chained to the seal before it.

Lines of an account are numbered without gaps under its lock, so everything up to the last number seen is there: a
seal needs no pause and misses nothing that is written meanwhile. Somebody with the owner's rights could rewrite the
tables from end to end; a seal that has left the house could not be.

    line    = the columns of posting and transfer, tab between, newline after
    span    = SHA-256(columns of the account, newline, its lines)
    content = SHA-256(account ‖ first ‖ last ‖ span, by account)
    seal    = Ed25519 over SHA-256(previous seal ‖ number, time, count ‖ content)
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from linli.kernel import clock, crypto, ids
from linli.kernel.ledger.models import DaySeal, SealedSpan

KEY = "seal"
ACCOUNT = ("id", "owner_id", "kind", "unit", "item_id", "bounded", "area_code", "opened_at")
POSTING = ("seq", "amount", "hold", "balance", "held", "credited", "expires_on", "at")
TRANSFER = ("id", "key", "kind", "at", "subject_id", "basis", "actor_kind", "post_id", "closes", "reverses", "legs")
BATCH = 2000

UNSEALED = """
SELECT a.id, coalesce(span.last, 0) + 1, line.seq, line.balance FROM ledger_account a
CROSS JOIN LATERAL (SELECT seq, balance FROM ledger_posting p WHERE p.account_id = a.id ORDER BY seq DESC LIMIT 1) line
LEFT JOIN LATERAL (SELECT last FROM ledger_sealedspan s WHERE s.account_id = a.id ORDER BY last DESC LIMIT 1) span
  ON true
WHERE line.seq > coalesce(span.last, 0) ORDER BY a.id
"""
LINES = """
SELECT {account}, {posting}, {transfer} FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS s(id, first, last)
JOIN ledger_account a ON a.id = s.id
JOIN ledger_posting p ON p.account_id = s.id AND p.seq BETWEEN s.first AND s.last
JOIN ledger_transfer t ON t.id = p.transfer_id ORDER BY s.id, p.seq
""".format(
    account=", ".join(f"a.{name}" for name in ACCOUNT),
    posting=", ".join(f"p.{name}" for name in POSTING),
    transfer=", ".join(f"t.{name}" for name in TRANSFER),
)

Span = tuple[uuid.UUID, int, int]


@transaction.atomic
def seal() -> DaySeal | None:
    """Seal every line written since the last seal; ``None`` when there is none. The worker's, once a day."""
    with connection.cursor() as cursor:
        # One at a time. Not FOR UPDATE: that asks for a right to change what is written once.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ledger.seal'))")
        cursor.execute(UNSEALED)
        changed = cursor.fetchall()
    if not changed:
        return None
    last = DaySeal.objects.order_by("-number").first()
    number, at = (last.number if last else 0) + 1, clock.now()
    digests = dict(digests_of([(pk, first, end) for pk, first, end, _ in changed]))
    spans = [
        SealedSpan(
            id=ids.uuid7(),
            seal_number=number,
            account_id=pk,
            first=first,
            last=end,
            balance=balance,
            digest=digests[pk],
        )
        for pk, first, end, balance in changed
    ]
    SealedSpan.objects.bulk_create(spans, batch_size=BATCH)
    content = content_digest((pk, first, end, digests[pk]) for pk, first, end, _ in changed)
    previous = bytes(last.digest) if last else b""
    digest = crypto.link_digest(number, at, len(changed), content, previous)
    return DaySeal.objects.create(
        number=number, at=at, count=len(changed), content=content, previous=previous, digest=digest,
        signature=crypto.sign(KEY, digest), public_key=crypto.public_key(KEY),
    )  # fmt: skip


def digests_of(spans: list[Span]) -> Iterator[tuple[uuid.UUID, bytes]]:
    """Yield (account, digest) for each span, from the lines as they stand now; none for a span without lines."""
    for start in range(0, len(spans), BATCH):
        part = spans[start : start + BATCH]
        # Read piece by piece: a few accounts, those that issue, have as many lines as all the others together.
        with connection.chunked_cursor() as cursor:
            cursor.execute(LINES, [list(column) for column in zip(*part, strict=True)])
            yield from _digests(row for rows in iter(lambda: cursor.fetchmany(BATCH), []) for row in rows)


def _digests(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[uuid.UUID, bytes]]:
    account, total = None, hashlib.sha256()
    for row in rows:
        if row[0] != account:
            if account is not None:
                yield account, total.digest()
            account, total = row[0], hashlib.sha256(plain(row[: len(ACCOUNT)]))
        total.update(plain(row[len(ACCOUNT) :]))
    if account is not None:
        yield account, total.digest()


def plain(values: Iterable[Any]) -> bytes:
    """Return columns as digests contain them: tab between, newline after, nothing for null, times in UTC."""
    return ("\t".join(_word(value) for value in values) + "\n").encode()


def _word(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def content_digest(spans: Iterable[tuple[uuid.UUID, int, int, bytes]]) -> bytes:
    """Return SHA-256 over ``account ‖ first ‖ last ‖ digest`` in the order of accounts."""
    total = hashlib.sha256()
    for account_id, first, last, digest in sorted(spans, key=lambda span: span[0]):
        total.update(account_id.bytes + first.to_bytes(8, "big") + last.to_bytes(8, "big") + bytes(digest))
    return total.digest()
