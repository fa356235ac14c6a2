"""The monthly draw of closed cases for a second look; anybody can draw again from the seed (docs/statistics.md).

For each unit the cases closed in the month under its lead are listed by number; those with the smallest
SHA-256(seed ‖ ":" ‖ number) are drawn. The seed is a hash of the first daily seal made after the month: nobody could
know it while the cases were closed, and it cannot be chosen again. What only few may know is not drawn.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.cases.process import CASE
from linli.affairs.statistics.models import Draw, DrawnUnit, Recheck
from linli.affairs.statistics.policy import Rules
from linli.affairs.statistics.process import RECHECK
from linli.affairs.statistics.services.publishing import month_of
from linli.kernel import areas, clock, policy
from linli.kernel.matters import Transition, perform
from linli.kernel.matters.models import Matter, Seal
from linli.kernel.posts.actors import system_actor

Pot = dict[UUID, list[Matter]]


def rank(seed: str, number: str) -> str:
    """Return what decides the order of the draw for one case."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def drawn(seed: str, numbers: Iterable[str], how_many: int) -> list[str]:
    """Return the numbers that are drawn, first drawn first."""
    return sorted(numbers, key=lambda number: rank(seed, number))[:how_many]


def draw_last_month() -> Draw | None:
    """Draw for the month before this one, once there is a seal made after it; ``None`` before, and when it was done."""
    last = clock.today().replace(day=1) - timedelta(days=1)
    seal = Seal.objects.filter(at__gte=clock.at(last + timedelta(days=1))).order_by("number").first()
    if seal is None or Draw.objects.filter(month=last.replace(day=1)).exists():
        return None
    return draw(last.replace(day=1), seal)


def draw(month: date, seal: Seal) -> Draw:
    """Draw for every unit that closed cases in a month, and open the second looks; one transaction."""
    first, last = month_of(month)
    seed = hashlib.sha256(f"{first:%Y-%m}:{bytes(seal.digest).hex()}".encode()).hexdigest()
    with transaction.atomic():
        made = Draw.objects.create(
            month=first, seed=seed, at=clock.now(),
            basis=_("SHA-256（%(month)s:第 %(number)d 封的摘要）") % {"month": f"{first:%Y-%m}", "number": seal.number},
        )  # fmt: skip
        for unit_id, matters in sorted(pots(first, last).items()):
            _draw_for(made, unit_id, {matter.number: matter for matter in matters})
    return made


def pots(first: date, last: date) -> Pot:
    """Return the cases closed in those days, by the unit that led; those only few may know are left out."""
    rows = Matter.objects.filter(
        kind=CASE.kind, is_open=False, restricted=False,
        closed_at__gte=clock.at(first), closed_at__lt=clock.at(last + timedelta(days=1)),
    ).select_related("case")  # fmt: skip
    found: Pot = defaultdict(list)
    for matter in rows.order_by("number"):
        if matter.case.lead_unit_id is not None:
            found[matter.case.lead_unit_id].append(matter)
    return found


def _draw_for(made: Draw, unit_id: UUID, matters: dict[str, Matter]) -> None:
    DrawnUnit.objects.create(draw=made, unit_id=unit_id, size=len(matters), numbers="\n".join(sorted(matters)))
    for number in drawn(made.seed, matters, policy.get(Rules).sampling.for_each_unit):
        data = {"draw": made.pk, "subject": matters[number].pk, "unit": unit_id}
        perform(process=RECHECK, action="draw", actor=system_actor(), data=data)


@RECHECK.on("draw")
def begun(t: Transition) -> None:
    """A case is looked at again; whoever handled it may not be the one."""
    detail: Recheck = t.detail
    subject: Matter = t.data["subject"]
    detail.draw, detail.subject, detail.unit = t.data["draw"], subject, t.data["unit"]
    t.place(areas.tree().find_id(subject.area_id) or areas.tree().root)
    t.matter.category, t.matter.source = subject.category, subject.source
    t.matter.title = _("抽查 %(number)s %(title)s") % {"number": subject.number, "title": subject.title}
    t.matter.title = t.matter.title[:120]
    t.matter.handler_ids = list(subject.handler_ids)
    t.matter.hidden_from = list(subject.hidden_from)
    t.hold(area=areas.tree().root.id)


@RECHECK.on("confirm")
@RECHECK.on("judge_false")
def looked_at(t: Transition) -> None:
    """What was seen; counted under the unit that had closed it."""
    t.detail.way, t.detail.found = t.data["way"], t.data["found"]
    t.tally("done", unit_id=t.detail.unit_id)
    if t.action.name == "judge_false":
        t.tally("false", unit_id=t.detail.unit_id)
