"""Gifts that were received: the public roll, who gave, and the way of each gift to the people it reached."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from linli.affairs.honor import accounts
from linli.affairs.honor.models import Batch, Donation, Redemption
from linli.affairs.honor.process import DONATION
from linli.kernel import ledger


def given(code: str = "") -> QuerySet[Donation]:
    """Return the gifts received under ``code``, newest first: the public roll shows names only by consent."""
    rows = Donation.objects.filter(matter__kind=DONATION.kind, matter__stage="received")
    return (
        rows.filter(matter__area_code__startswith=code).select_related("matter", "shop", "good").order_by("-matter_id")
    )


@dataclass(frozen=True)
class Chain:
    """What became of one gift: how many pieces, on the shelf still, in how many hands, written off."""

    donation: Donation
    pieces: int
    on_shelf: int
    handed: int
    wasted: int
    redemptions: int


def chain_of(donation: Donation) -> Chain:
    """Return the way of a gift from the receipt to the redemptions it served, without a name."""
    return chains_of([donation])[0]


def chains_of(donations: Sequence[Donation]) -> list[Chain]:
    """Return the ways of gifts, in their order. Four statements, however many gifts."""
    batches: dict[uuid.UUID | None, list[Batch]] = {}
    for batch in Batch.objects.filter(donation__in=donations):
        batches.setdefault(batch.donation_id, []).append(batch)
    items = [batch.pk for group in batches.values() for batch in group]
    held: dict[tuple[uuid.UUID | None, str], int] = Counter()
    for ref, balance in ledger.holdings([*accounts.SHELVES, accounts.HANDED, accounts.WASTED], items=items).items():
        held[ref.item_id, ref.kind.name] += balance.balance
    served = Redemption.objects.filter(batch__in=items, matter__stage="handed")
    times = dict(served.values_list("batch").annotate(times=Count("pk")))
    return [_chain(donation, batches.get(donation.pk, []), held, times) for donation in donations]


def _chain(
    donation: Donation,
    batches: Sequence[Batch],
    held: Mapping[tuple[uuid.UUID | None, str], int],
    times: Mapping[Any, int],
) -> Chain:
    def sum_of(*kinds: ledger.Kind) -> int:
        return sum(held[batch.pk, kind.name] for batch in batches for kind in kinds)

    return Chain(
        donation=donation,
        pieces=sum(batch.pieces for batch in batches),
        on_shelf=sum_of(*accounts.SHELVES),
        handed=sum_of(accounts.HANDED),
        wasted=sum_of(accounts.WASTED),
        redemptions=sum(times.get(batch.pk, 0) for batch in batches),
    )


def donors(code: str = "") -> dict[str, int]:
    """Return how many people and how many firms and teams have given, each counted once."""
    rows = given(code).values("donor", "person", "organisation").annotate(gifts=Count("pk"))
    people = [r for r in rows if r["donor"] == Donation.Donor.PERSON]
    others = [r for r in rows if r["donor"] != Donation.Donor.PERSON]
    return {"people": _distinct(people, "person"), "organisations": _distinct(others, "organisation")}


def _distinct(rows: Iterable[Mapping[str, Any]], key: str) -> int:
    # Who gave without being known to us cannot be told apart from others: each gift of theirs counts as one.
    return sum(1 if row[key] else row["gifts"] for row in rows)
