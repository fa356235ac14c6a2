"""The words in which an affair tells the ledger what to post."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from linli.kernel import ids
from linli.kernel.ledger.units import POINTS

if TYPE_CHECKING:
    from linli.kernel.ledger.models import Account


@dataclass(frozen=True)
class Kind:
    """The role an owner holds something in. ``bounded`` ones are never overdrawn; the database sees to it.

    Unbounded are those that stand for the world outside: where points come from, where spent ones go.
    """

    name: str
    bounded: bool = True


@dataclass(frozen=True)
class AccountRef:
    """An account by its words. Need not exist: the first posting opens it.

    ``owner_id`` is a person, household, shop, area or whatever holds it; ``item_id`` tells goods apart.
    ``area_code`` is noted when the account is opened and is not part of what identifies it.
    """

    kind: Kind
    owner_id: uuid.UUID
    unit: str = POINTS
    item_id: uuid.UUID | None = None
    area_code: str = field(default="", compare=False)

    @cached_property
    def id(self) -> uuid.UUID:
        """The account's key, which follows from its words: no look-up is needed to post to it."""
        return ids.named("ledger", self.kind.name, self.owner_id, self.unit, self.item_id or "")

    @classmethod
    def of(cls, row: Account) -> AccountRef:
        """Return the words of an account that exists."""
        return cls(Kind(row.kind, row.bounded), row.owner_id, row.unit, row.item_id, row.area_code)


@dataclass(frozen=True)
class Leg:
    """What one entry does to one account: move its balance by ``amount``, what is set aside in it by ``hold``.

    ``expires_on`` is the last day on which what comes in can be used. ``after`` says which line this one follows:
    if the account has moved on, the whole entry is refused with :class:`~linli.kernel.ledger.MovedOn`.
    """

    account: AccountRef
    amount: int = 0
    hold: int = 0
    expires_on: date | None = None
    after: int | None = None


def move(source: AccountRef, target: AccountRef, amount: int, *, expires_on: date | None = None) -> tuple[Leg, Leg]:
    """Return the two legs that bring ``amount`` from one account to another. Raises ``ValueError`` unless positive."""
    if amount <= 0:
        raise ValueError(f"what is moved is more than nothing, not {amount}")
    return Leg(source, -amount), Leg(target, amount, expires_on=expires_on)


@dataclass(frozen=True)
class Entry:
    """One act for the ledger. ``key`` is what makes it happen once; the rest as :class:`models.Transfer` says.

    Raises ``ValueError`` when it is empty or does not sum to zero: that is a mistake of code, not of people.
    """

    key: str
    kind: str
    legs: Sequence[Leg]
    subject_id: uuid.UUID | None = None
    basis: str = ""
    closes: uuid.UUID | None = None
    reverses: uuid.UUID | None = None
    at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.legs or any(not (leg.amount or leg.hold) for leg in self.legs):
            raise ValueError(f"entry {self.key}: nothing moves")
        sums: Counter[tuple[str, uuid.UUID | None]] = Counter()
        for leg in self.legs:
            sums[leg.account.unit, leg.account.item_id] += leg.amount
        if any(sums.values()):
            raise ValueError(f"entry {self.key}: does not sum to zero")

    @property
    def request(self) -> bytes:
        """SHA-256 over what is asked, without the time: the same key with another request is no repetition."""
        words: dict[str, Any] = {
            "kind": self.kind,
            "subject": str(self.subject_id),
            "closes": str(self.closes),
            "reverses": str(self.reverses),
            "legs": sorted([str(leg.account.id), leg.amount, leg.hold] for leg in self.legs),
        }
        return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).digest()
