"""Reads: who looked at somebody, which look-ups are unusual, what was agreed, what was erased."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.kernel import clock, ids
from linli.kernel.people.models import Person
from linli.kernel.people.selectors import same_human
from linli.kernel.posts.models import DutyShift, Holding
from linli.kernel.privacy.models import AccessLog, Consent, ErasureRecord
from linli.kernel.privacy.services import title_of


@dataclass(frozen=True, slots=True)
class Look:
    """One look as the person sees it: never the clerk's name."""

    at: datetime
    shown_as: str
    what: str
    purpose: str


def log_for(person: Person | UUID, *, limit: int = 200) -> list[Look]:
    """Return who looked at ``person``, newest first: unit and post, what, purpose, time (PIPL 45)."""
    found = AccessLog.objects.filter(person__in=same_human(person)).order_by("-id")
    rows = found.values_list("at", "shown_as", "field_group", "purpose")[:limit]
    return [Look(at, shown_as, title_of(group), purpose) for at, shown_as, group, purpose in rows]


@dataclass(frozen=True, slots=True)
class Unusual:
    """Something for the auditor to look at: not a finding, a question to ask."""

    kind: str
    viewer_id: UUID
    shown_as: str
    day: date
    count: int
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on a look-up is unusual; a district may give others."""

    night_from: int = 22
    night_to: int = 6
    outside_a_day: int = 5
    many_a_day: int = 60


DEFAULT_THRESHOLDS = Thresholds()


def unusual(since: datetime, until: datetime, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> list[Unusual]:
    """Return unusual look-ups by day: ``colleague``, ``own_record``, ``night``, ``outside``, ``many``.

    Colleagues are people who held a post at that time; night looks of whoever was on duty then do not count.
    Reads at most as many rows as there were looks; the id carries the time, so only its partitions are read.
    """
    looks = list(_looks(since, until))
    found = [Unusual("colleague", *_line(look), 1, look.person_id) for look in looks if look.colleague]
    found += [Unusual("own_record", *_line(look), 1, look.person_id) for look in looks if look.own]
    found += _counted("night", (look for look in looks if _at_night(look, thresholds)), 1)
    found += _counted("outside", (look for look in looks if look.outside), thresholds.outside_a_day)
    found += _counted("many", looks, thresholds.many_a_day)
    return sorted(found, key=lambda line: (line.day, line.kind, str(line.viewer_id)))


@dataclass(frozen=True, slots=True)
class _Looked:
    at: datetime
    viewer_id: UUID
    person_id: UUID
    shown_as: str
    outside: bool
    colleague: bool
    on_duty: bool

    @property
    def own(self) -> bool:
        return self.viewer_id == self.person_id


def _looks(since: datetime, until: datetime) -> Iterable[_Looked]:
    held = Holding.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=OuterRef("at")),
        person=OuterRef("person"),
        valid_from__lte=OuterRef("at"),
    )
    duty = DutyShift.objects.filter(
        person=OuterRef("viewer"), starts_at__lte=OuterRef("at"), ends_at__gt=OuterRef("at")
    )
    rows = (
        AccessLog.objects.filter(
            id__gte=ids.floor(since),
            id__lt=ids.floor(until),
            at__gte=since,
            at__lt=until,
            viewer__isnull=False,
        )
        .annotate(colleague=Exists(held), on_duty=Exists(duty))
        .values_list("at", "viewer_id", "person_id", "shown_as", "outside", "colleague", "on_duty")
    )
    for row in rows.iterator():
        yield _Looked(*row)


def _line(look: _Looked) -> tuple[UUID, str, date]:
    return look.viewer_id, look.shown_as, clock.local(look.at).date()


def _at_night(look: _Looked, thresholds: Thresholds) -> bool:
    hour = clock.local(look.at).hour
    return not look.on_duty and (hour >= thresholds.night_from or hour < thresholds.night_to)


def _counted(kind: str, looks: Iterable[_Looked], least: int) -> list[Unusual]:
    counts = Counter(_line(look) for look in looks)
    return [Unusual(kind, *line, count) for line, count in counts.items() if count >= least]


def has_consent(person: Person | UUID, purpose: str, scope_id: UUID | None = None) -> bool:
    """Return whether ``person`` agreed to ``purpose`` (for ``scope_id`` or in general)."""
    scopes = Q(scope_id=None) | Q(scope_id=scope_id)
    return Consent.objects.filter(scopes, person__in=same_human(person), purpose=purpose, withdrawn_at=None).exists()


def consents_of(person: Person | UUID) -> QuerySet[Consent]:
    """Return what ``person`` agreed to, withdrawn ones too, newest first."""
    return Consent.objects.filter(person__in=same_human(person)).order_by("-given_at")


def erasures(rule: str = "") -> QuerySet[ErasureRecord]:
    """Return the proofs of erasure, newest first."""
    return ErasureRecord.objects.filter(rule=rule) if rule else ErasureRecord.objects.all()
