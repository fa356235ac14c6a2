"""When a unit ceases and another stands in its place: what it has in hand goes over, on the record."""

from __future__ import annotations

from django.db.models import Q

from linli.kernel import clock
from linli.kernel.matters import trail
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import system_actor
from linli.kernel.posts.events import UnitMerged, unit_merged
from linli.kernel.storage.together import Together

MERGED = "unit_merged"
"""How the trail calls it; no action of any process, for it is not the matter that moves."""


def hand_over(merged: UnitMerged) -> None:
    """Let the successor hold, and see, every open matter that the unit held or took part in; clocks run on.

    Locks roots before their parts, as every act does, so that whoever acts on one meanwhile comes before or after.
    """
    concerned = Q(held_unit=merged.unit) | Q(unit_ids__contains=[merged.unit.pk])
    rows = Matter.objects.filter(concerned, is_open=True)
    roots = {root for root in rows.values_list("root", flat=True).distinct() if root is not None}
    list(Matter.objects.select_for_update().filter(pk__in=roots).order_by("pk"))
    together, now = Together(), clock.now()
    for matter in rows.select_for_update().order_by("pk"):
        if merged.into.pk not in matter.unit_ids:
            matter.unit_ids = [*matter.unit_ids, merged.into.pk]
        names = ["unit_ids"]
        if matter.held_unit_id == merged.unit.pk:
            matter.held_unit, matter.version = merged.into, matter.version + 1
            together.add(
                *trail.entry_for(
                    matter, {"from": merged.unit.name, "to": merged.into.name}, action=MERGED,
                    from_stage=matter.stage, to_stage=matter.stage, actor_kind=system_actor().kind,
                    unit_id=merged.into.pk, at=now, effective_at=now,
                )
            )  # fmt: skip
            names += ["held_unit", "version", "trail_head"]
        together.change(matter, names)
    together.flush()


unit_merged.connect(hand_over)
