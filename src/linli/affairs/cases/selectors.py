"""Reading cases: whom to dispatch to and why, what may be the same thing, who may see a reporter's name."""

from __future__ import annotations

import math
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.affairs.cases.models import Case
from linli.affairs.cases.policy import Categories
from linli.affairs.cases.process import CASE
from linli.affairs.objections import registers
from linli.affairs.objections.registers import Proposal
from linli.kernel import areas, clock, policy
from linli.kernel.areas.models import Level
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import selectors as posts
from linli.kernel.posts.actors import Actor

METRES_PER_DEGREE = 111_320.0


def proposed_units(matter: Matter) -> list[Proposal]:
    """Return who may lead this case and why, best first: by rulings and duty lists, then by the category's table."""
    return registers.proposals(matter, by_category(matter, matter.case.phase))


def by_category(matter: Matter, phase: int) -> list[Proposal]:
    """Return the units that the category's table names for a phase and place, best first; none that it is about."""
    table = policy.pinned(matter.pins, Categories)
    category = table.by_code.get(matter.category)
    if category is None:
        return []
    phases = table.phases(category)
    tree = areas.tree()
    node = tree.by_id(matter.area_id)
    street = next((n for n in (node, *tree.ancestors(node)) if n.level == Level.STREET), tree.root)
    codes = table.candidates(category, phases[min(phase, len(phases)) - 1], street=street.code)
    found = posts.meant(codes)
    units = dict.fromkeys(found[c] for c in codes if c in found and found[c].pk not in matter.hidden_from)
    why = _("类别表：%(category)s") % {"category": category.name}
    return [Proposal(unit, why) for unit in units]


def possible_duplicates(matter: Matter, limit: int = 5) -> list[tuple[Matter, int | None]]:
    """Return open cases that may be the same thing, with their distance in metres, nearest first.

    Same category within its radius and days (policy); without points, the same area. It proposes, a person merges.
    """
    table = policy.pinned(matter.pins, Categories)
    category = table.by_code.get(matter.category)
    if category is None:
        return []
    metres, days = table.duplicate(category)
    since = matter.opened_at - timedelta(days=days)
    near = Matter.objects.filter(
        kind=CASE.kind, is_open=True, category=matter.category, opened_at__gte=since, opened_at__lte=clock.now()
    ).exclude(pk=matter.pk).exclude(stage="following")  # fmt: skip
    case: Case = matter.case
    if case.lon is None or case.lat is None:
        return [(m, None) for m in near.filter(area_id=matter.area_id).select_related("case")[:limit]]
    lat_span = metres / METRES_PER_DEGREE
    lon_span = lat_span / max(0.1, math.cos(math.radians(case.lat)))
    box = near.filter(
        case__lat__range=(case.lat - lat_span, case.lat + lat_span),
        case__lon__range=(case.lon - lon_span, case.lon + lon_span),
    ).select_related("case")[:50]
    found = sorted(((int(distance(case, m.case)), m) for m in box), key=lambda pair: pair[0])
    near_enough: list[tuple[Matter, int | None]] = [(m, away) for away, m in found if away <= metres]
    return near_enough[:limit]


def distance(one: Case, other: Case) -> float:
    """Return the distance of two cases in metres, on a plane; good to a few hundred metres."""
    assert one.lon is not None and one.lat is not None and other.lon is not None and other.lat is not None  # noqa: S101, PT018 - callers have points
    north = (one.lat - other.lat) * METRES_PER_DEGREE
    east = (one.lon - other.lon) * METRES_PER_DEGREE * math.cos(math.radians(one.lat))
    return math.hypot(north, east)


def sees_reporter(actor: Actor, matter: Matter) -> bool:
    """Return whether ``actor`` may see who reported: the reporter; units only where the reporter allowed it.

    Posts that talk with residents (``contact_viewer``) may reveal a number with a reason, which is logged.
    """
    if actor.kind == "resident":
        return True
    if matter.case.name_shared:
        return True
    return "contact_viewer" in duties_of(actor) and actor.covers(matter.area_code)


def open_of_reporter(actor: Actor, person_id: object) -> QuerySet[Matter]:
    """Return the open cases of one reporter that ``actor`` may see: what a clerk needs when the caller calls again."""
    from linli.kernel.matters.selectors import visible

    return visible(actor, kind=CASE.kind, reporter=person_id, is_open=True).order_by("-opened_at")


def spots_to_look_at(actor: Actor) -> QuerySet[Matter]:
    """Return the settlements drawn for a second look in the actor's areas, oldest first."""
    from linli.kernel.matters.selectors import visible

    return visible(actor, kind="spot", stage="settled", spot__drawn=True).order_by("opened_at")


def verdicts_to_ask_again(actor: Actor) -> QuerySet[Matter]:
    """Return the ended cases in the actor's areas whose staff-entered verdict was drawn for a second call."""
    from django.db.models import OuterRef, Subquery

    from linli.affairs.cases.models import Verdict
    from linli.kernel.matters.selectors import visible

    latest = Verdict.objects.filter(case=OuterRef("pk")).order_by("-at", "-pk")
    to_check = Verdict.objects.filter(to_check=True).values("case")
    rows = visible(actor, kind=CASE.kind, stage="evaluated", pk__in=to_check)
    drawn = rows.annotate(drawn=Subquery(latest.values("to_check")[:1])).filter(drawn=True)
    others = drawn.exclude(handler_ids__contains=[actor.person_id]) if actor.person_id else drawn
    return others.order_by("closed_at")
