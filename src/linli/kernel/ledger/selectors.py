"""Reading: what an account came to, at any moment, at a cost that does not grow with its history.

Each line carries what the account came to with it, so a balance is its last line, a balance of the past the last
line before that moment, and a statement the lines asked for: an index probe each.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from linli.kernel.errors import NotHere
from linli.kernel.ledger.models import Account, Posting, Transfer
from linli.kernel.ledger.values import AccountRef, Kind


@dataclass(frozen=True)
class Balance:
    """What an account holds (``balance``), how much of it is set aside, and the line that says so.

    ``credited`` is all that ever came in; what went out is ``credited - balance``.
    """

    balance: int = 0
    held: int = 0
    credited: int = 0
    seq: int = 0

    @property
    def available(self) -> int:
        """What can be used now."""
        return self.balance - self.held

    @property
    def debited(self) -> int:
        """All that ever went out."""
        return self.credited - self.balance


@dataclass(frozen=True)
class Line:
    """One line of a statement: what moved, what the account came to, and the act behind it."""

    posting: Posting
    transfer: Transfer


@dataclass(frozen=True)
class Statement:
    """Lines of one account, newest first, between two balances; ``more`` names the line to go on before."""

    opening: Balance
    closing: Balance
    lines: Sequence[Line]
    more: int | None


@dataclass(frozen=True)
class Lot:
    """What is left of something that came in, and the last day on which it can be used (``None``: no such day)."""

    seq: int
    amount: int
    left: int
    expires_on: date | None
    at: datetime


@dataclass(frozen=True)
class Lapsed:
    """What has lapsed in an account, as of its line ``seq``."""

    account: AccountRef
    amount: int
    seq: int


def balance(account: AccountRef, *, at: datetime | None = None) -> Balance:
    """Return what ``account`` holds now, or held after everything up to and including ``at``. One statement."""
    return _balance(_before(account.id, at))


def balances(accounts: Iterable[AccountRef], *, at: datetime | None = None) -> dict[AccountRef, Balance]:
    """Return what each of ``accounts`` holds, in one statement; empty for those that were never posted to."""
    by_id = {account.id: account for account in accounts}
    found = dict.fromkeys(by_id.values(), Balance())
    if by_id:
        until = "AND p.at <= %s" if at else ""
        order = "p.at DESC, p.seq DESC" if at else "p.seq DESC"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT a, p.balance, p.held, p.credited, p.seq FROM unnest(%s::uuid[]) AS a CROSS JOIN LATERAL ("  # noqa: S608
                f"SELECT * FROM ledger_posting p WHERE p.account_id = a {until} ORDER BY {order} LIMIT 1) p",
                [list(by_id), *([at] if at else [])],
            )
            for pk, *values in cursor.fetchall():
                found[by_id[pk]] = Balance(*values)
    return found


def statement(
    account: AccountRef,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Statement:
    """Return the newest ``limit`` lines from ``since`` (included) to ``until`` (excluded), older than line ``before``.

    ``opening`` is what the account held before the oldest line shown, ``closing`` after the newest. Two statements.
    """
    rows = Posting.objects.filter(account_id=account.id)
    if since:
        rows = rows.filter(at__gte=since)
    if until:
        rows = rows.filter(at__lt=until)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    order = ("-at", "-seq") if since or until else ("-seq",)
    found = list(rows.order_by(*order)[: limit + 1])
    shown = found[:limit]
    behind = {t.pk: t for t in Transfer.objects.filter(pk__in=[p.transfer_id for p in shown])} if shown else {}
    lines = [Line(posting, behind[posting.transfer_id]) for posting in shown]
    if not shown:
        held = _balance(_before(account.id, until - timedelta(microseconds=1) if until else None))
        return Statement(held, held, [], None)
    oldest = shown[-1]
    opening = Balance(
        oldest.balance - oldest.amount, oldest.held - oldest.hold,
        oldest.credited - max(oldest.amount, 0), oldest.seq - 1,
    )  # fmt: skip
    return Statement(opening, _balance(shown[0]), lines, oldest.seq if len(found) > limit else None)


def lots(account: AccountRef) -> list[Lot]:
    """Return what is left in ``account`` by lot, oldest first: what goes out takes the oldest first.

    A lot is left with what came in up to it less all that ever went out, so nothing has to be counted down.
    """
    out = balance(account).debited
    rows = Posting.objects.filter(account_id=account.id, amount__gt=0, credited__gt=out).order_by("seq")
    return [Lot(p.seq, p.amount, min(p.amount, p.credited - out), p.expires_on, p.at) for p in rows]


def next_lapse(account: AccountRef) -> Lot | None:
    """Return the lot that lapses next; ``None`` when nothing in the account does. Two statements."""
    out = balance(account).debited
    row = (
        Posting.objects.filter(account_id=account.id, amount__gt=0, credited__gt=out, expires_on__isnull=False)
        .order_by("credited")
        .first()
    )
    if row is None:
        return None
    return Lot(row.seq, row.amount, min(row.amount, row.credited - out), row.expires_on, row.at)


LAPSED = """
SELECT a.id, least(max(p.credited) - (last.credited - last.balance), last.balance - last.held), last.seq
FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
CROSS JOIN LATERAL (SELECT * FROM ledger_posting l WHERE l.account_id = a.id ORDER BY l.seq DESC LIMIT 1) last
WHERE p.expires_on >= %s AND p.expires_on < %s AND a.kind = ANY(%s)
  AND p.credited > last.credited - last.balance AND last.balance > last.held
GROUP BY a.id, last.credited, last.balance, last.held, last.seq ORDER BY a.id LIMIT %s
"""


def lapsed(
    kinds: Sequence[Kind], today: date, *, back: timedelta = timedelta(days=400), limit: int = 500
) -> list[Lapsed]:
    """Return what has lapsed before ``today`` in accounts of ``kinds``: at most ``limit`` accounts.

    What is set aside does not lapse. Looks at lots whose last day lies within ``back``: the cost is that of one
    such stretch, not of the history. ``back`` is longer than anything stays set aside.
    """
    with connection.cursor() as cursor:
        cursor.execute(LAPSED, [today - back, today, [kind.name for kind in kinds], limit])
        rows = cursor.fetchall()
    found = {row.pk: row for row in Account.objects.filter(pk__in=[pk for pk, _, _ in rows])}
    return [Lapsed(AccountRef.of(found[pk]), amount, seq) for pk, amount, seq in rows]


def by_key(key: str) -> Transfer | None:
    """Return the transfer posted under ``key``, if any."""
    return Transfer.objects.filter(key=key).first()


def posted_keys(keys: Sequence[str]) -> set[str]:
    """Return which of ``keys`` something was posted under. One statement."""
    return set(Transfer.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def transfers_of(subject_id: uuid.UUID) -> QuerySet[Transfer]:
    """Return the transfers that belong to a matter or record, oldest first."""
    return Transfer.objects.filter(subject_id=subject_id).order_by("pk")


def moved_by(transfer_id: uuid.UUID) -> tuple[Transfer, list[tuple[AccountRef, int]]]:
    """Return a transfer, and by how much it moved which account. Raises :class:`NotHere`."""
    transfer = Transfer.objects.filter(pk=transfer_id).first()
    if transfer is None:
        raise NotHere
    return transfer, [(leg.account, leg.amount) for leg in _written(transfer_id) if leg.amount]


@dataclass(frozen=True)
class Hold:
    """What a transfer set aside: its id, and how much in which account."""

    id: uuid.UUID
    parts: list[tuple[AccountRef, int]]


def held_by(hold: uuid.UUID | str) -> Hold:
    """Return what a transfer (its id, or the key it was posted under) set aside. One statement.

    Raises :class:`NotHere` when there is none, or it set nothing aside.
    """
    found = [leg for leg in _written(hold) if leg.hold > 0]
    if not found:
        raise NotHere
    return Hold(found[0].transfer_id, [(leg.account, leg.hold) for leg in found])


def accounts(
    kinds: Sequence[Kind],
    *,
    area_code: str = "",
    items: Collection[uuid.UUID] | None = None,
    owner_id: uuid.UUID | None = None,
) -> list[AccountRef]:
    """Return the accounts of ``kinds`` under an area, of some items or of an owner. One statement."""
    rows = Account.objects.filter(kind__in=[kind.name for kind in kinds])
    if area_code:
        rows = rows.filter(area_code__startswith=area_code)
    if items is not None:
        rows = rows.filter(item_id__in=items)
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    return [AccountRef.of(row) for row in rows.order_by("pk")]


def holdings(
    kinds: Sequence[Kind],
    *,
    area_code: str = "",
    items: Collection[uuid.UUID] | None = None,
    owner_id: uuid.UUID | None = None,
) -> dict[AccountRef, Balance]:
    """Return what the accounts of :func:`accounts` hold. Two statements; the cost is that of so many accounts."""
    return balances(accounts(kinds, area_code=area_code, items=items, owner_id=owner_id))


def _before(account_id: uuid.UUID, at: datetime | None) -> Posting | None:
    rows = Posting.objects.filter(account_id=account_id)
    if at is None:
        return rows.order_by("-seq").first()
    return rows.filter(at__lte=at).order_by("-at", "-seq").first()


def _balance(line: Posting | None) -> Balance:
    return Balance(line.balance, line.held, line.credited, line.seq) if line else Balance()


class _Written(NamedTuple):
    transfer_id: uuid.UUID
    amount: int
    hold: int
    account: AccountRef


WRITTEN = """
SELECT t.id, p.amount, p.hold, a.kind, a.bounded, a.owner_id, a.unit, a.item_id, a.area_code
FROM ledger_transfer t JOIN ledger_posting p ON p.transfer_id = t.id JOIN ledger_account a ON a.id = p.account_id
WHERE t.{} = %s ORDER BY p.account_id, p.seq
"""


def _written(transfer: uuid.UUID | str) -> list[_Written]:
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN.format("key" if isinstance(transfer, str) else "id"), [transfer])
        rows = cursor.fetchall()
    return [
        _Written(pk, amount, hold, AccountRef(Kind(kind, bounded), *words))
        for pk, amount, hold, kind, bounded, *words in rows
    ]
