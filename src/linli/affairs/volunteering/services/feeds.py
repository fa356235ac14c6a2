"""The secret address of one's own calendar: made, renewed, taken back. Only a digest of it is kept."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction

from linli.affairs.volunteering.models import Feed
from linli.kernel import clock
from linli.kernel.errors import NotHere
from linli.kernel.people.models import Person
from linli.kernel.people.selectors import same_human
from linli.kernel.posts.actors import Actor


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@transaction.atomic
def make(*, actor: Actor) -> str:
    """Return a new secret for one's own calendar; the one before stops working. It is shown this once."""
    person = _own(actor)
    Feed.objects.filter(person__in=same_human(person), revoked_at=None).update(revoked_at=clock.now())
    token = secrets.token_urlsafe(24)
    Feed.objects.create(person=person, digest=_digest(token), made_at=clock.now())
    return token


@transaction.atomic
def revoke(*, actor: Actor) -> int:
    """Take one's secret back; return how many stopped working."""
    return Feed.objects.filter(person__in=same_human(_own(actor)), revoked_at=None).update(revoked_at=clock.now())


def owner_of(token: str) -> Person:
    """Return whose calendar a secret opens. Raises :class:`NotHere` for one that is unknown or taken back."""
    row = Feed.objects.filter(digest=_digest(token), revoked_at=None).select_related("person").first()
    if row is None:
        raise NotHere
    return row.person


def _own(actor: Actor) -> Person:
    if actor.kind != "resident" or actor.person is None:
        raise NotHere
    return actor.person
