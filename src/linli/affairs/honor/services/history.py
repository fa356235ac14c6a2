"""Taking over from an older system: its members and its points, set-wise, each line once.

What is taken over keeps its own day and says ``carry`` as its kind: nobody mistakes it for something that was done
here under our rules. A second run of the same import posts nothing twice.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.db import transaction

from linli.affairs.honor import accounts
from linli.affairs.honor.models import Batch, Member
from linli.affairs.honor.services import members
from linli.kernel import clock, ledger, tallies
from linli.kernel.areas import Node
from linli.kernel.errors import NotHere
from linli.kernel.ledger import Entry, Leg, move
from linli.kernel.people.models import Person
from linli.kernel.posts.actors import Actor

BATCH = 500
CARRIED, CARRIED_SPENT = "honor.carried", "honor.carried_spent"


@dataclass(frozen=True)
class Old:
    """One line of the older system: points that somebody earned (positive) or redeemed (negative), and when.

    ``pieces`` of ``batch`` went out with a redemption where the older system says so.
    """

    key: str
    member: Member
    points: int
    at: datetime
    until: date | None = None
    batch: Batch | None = None
    pieces: int = 0


def take_members(*, actor: Actor, people: Iterable[tuple[Person, Node]]) -> Iterator[list[Member]]:
    """Make members of people who were members there, in batches; yields each batch. People exist already."""
    _ours(actor)
    now = clock.now()
    rows = iter(people)
    while part := list(islice(rows, BATCH)):
        with transaction.atomic():
            made = Member.objects.bulk_create(
                [Member(person=p, area_id=node.id, area_code=node.code, joined_at=now) for p, node in part]
            )
            for code, number in Counter(node.code for _p, node in part).items():
                members.count(code, number)
        yield made


def take_points(*, actor: Actor, lines: Sequence[Old], tell: Callable[[int], None] = lambda _done: None) -> int:
    """Post the lines, in batches of one statement and one transaction each; return how many were new.

    Interrupted, it can be run again with the same lines. ``tell`` hears how many are done.
    """
    _ours(actor)
    new = 0
    for start in range(0, len(lines), BATCH):
        part = lines[start : start + BATCH]
        with transaction.atomic():
            posted = ledger.post_all(actor=actor, entries=[_entry(line) for line in part])
            _count([line for line, one in zip(part, posted, strict=True) if not one.repeated])
        new += sum(not one.repeated for one in posted)
        tell(start + len(part))
    return new


def _count(lines: Sequence[Old]) -> None:
    """Keep how much of what a community gave out and what was redeemed there was taken over, for its public page."""
    sums: Counter[tuple[str, str]] = Counter()
    for line in lines:
        sums[CARRIED if line.points > 0 else CARRIED_SPENT, line.member.area_code] += abs(line.points)
    for (metric, code), points in sums.items():
        tallies.delta(metric, clock.now(), area_code=code, value=points).save(force_insert=True)


def _entry(line: Old) -> Entry:
    mine = accounts.of_member(line.member)
    if line.points > 0:
        legs: list[Leg] = [
            Leg(accounts.beside(accounts.BUDGET, line.member), -line.points),
            Leg(mine, line.points, expires_on=line.until),
        ]
    else:
        legs = list(move(mine, accounts.beside(accounts.SPENT, line.member), -line.points))
    if line.batch is not None and line.pieces:
        shelf, handed = (
            accounts.on_shelf(kind, line.batch, line.batch.shop_id) for kind in (accounts.SHELF, accounts.HANDED)
        )
        legs += move(shelf, handed, line.pieces)
    return Entry(f"carry:{line.key}", "carry", legs, subject_id=_subject(line), at=line.at)


def _subject(line: Old) -> uuid.UUID | None:
    return line.batch.pk if line.batch is not None else None


def _ours(actor: Actor) -> None:
    if not actor.is_system:
        raise NotHere
