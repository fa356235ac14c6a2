"""The uses of the streets' powers, read from the trail: which street did what to which matter, and when."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from linli.affairs.whistles.policy import Power, Powers
from linli.kernel import policy
from linli.kernel.matters import process_of
from linli.kernel.matters.models import Matter, TrailEntry
from linli.kernel.matters.selectors import visible
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import Unit

AT_MOST = 200


@dataclass(frozen=True)
class Used:
    """One use of a power by a street."""

    power: Power
    at: datetime
    street: Unit
    act: str
    matter: Matter


def streets() -> list[Unit]:
    """Return the street offices, by code."""
    return list(Unit.objects.filter(kind=Unit.Kind.STREET_OFFICE, active=True).order_by("code"))


def uses(actor: Actor, since: datetime, until: datetime, street: uuid.UUID | None = None) -> list[Used]:
    """Return the uses in that time on matters that ``actor`` may see, latest first, 200 at most; three statements."""
    powers = policy.get(Powers).powers
    offices = {u.pk: u for u in Unit.objects.filter(kind=Unit.Kind.STREET_OFFICE)}
    rows = _entries(actor, powers, since, until, {street} & set(offices) if street else set(offices))
    entries = list(rows.order_by("-at", "-pk")[:AT_MOST])
    found = {m.pk: m for m in Matter.objects.filter(pk__in={e.matter_id for e in entries})}
    used = []
    for entry in entries:
        matter = found[entry.matter_id]
        power = next((p for p in powers if _is_use(p, matter.kind, entry.action)), None)
        if power is not None and entry.unit_id is not None:
            title = str(process_of(matter.kind).action(entry.action).title)
            used.append(Used(power, entry.at, offices[entry.unit_id], title, matter))
    return used


def times(actor: Actor, since: datetime, until: datetime, street: uuid.UUID | None = None) -> Counter[str]:
    """Return how often each power was used in that time, by its code, however long the list; a statement for each."""
    offices = set(Unit.objects.filter(kind=Unit.Kind.STREET_OFFICE).values_list("pk", flat=True))
    wanted = {street} & offices if street else offices
    found: Counter[str] = Counter()
    for power in policy.get(Powers).powers:
        for use in power.uses:
            only = power.model_copy(update={"uses": (use,)})
            found[power.code] += _entries(actor, [only], since, until, wanted).count()
    return found


def _entries(
    actor: Actor, powers: Sequence[Power], since: datetime, until: datetime, offices: Collection[uuid.UUID]
) -> QuerySet[TrailEntry]:
    """Return the entries by which these powers were used, on matters that ``actor`` may see."""
    matters = visible(actor, kind__in={use.kind for power in powers for use in power.uses})
    acts = {name for power in powers for use in power.uses for name in use.actions}
    return TrailEntry.objects.filter(
        action__in=acts, unit_id__in=offices, at__gte=since, at__lt=until, matter_id__in=matters.values("pk")
    )


def _is_use(power: Power, kind: str, action: str) -> bool:
    return any(use.kind == kind and action in use.actions for use in power.uses)
