"""When a unit ceases and another stands in its place: what it has in hand goes over, on the record."""

from __future__ import annotations

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock
from linli.kernel.matters import trail
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import system_actor
from linli.kernel.posts.events import UnitMerged, goes_over, unit_merged
from linli.kernel.posts.models import Unit
from linli.kernel.storage.together import Together

MERGED = "unit_merged"
"""How the trail calls it; no action of any process, for it is not the matter that moves."""

_followers: list[tuple[type[Model], str]] = []


def follows(model: type[Model], field: str) -> None:
    """Let ``field`` of open matters' details, of ``model``, name the successor; what is closed stays whose it was."""
    _followers.append((model, field))


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
                    matter, _said(merged), action=MERGED,
                    from_stage=matter.stage, to_stage=matter.stage, actor_kind=system_actor().kind,
                    unit_id=merged.into.pk, at=now, effective_at=now,
                )
            )  # fmt: skip
            names += ["held_unit", "version", "trail_head"]
        together.change(matter, names)
    together.flush()
    for model, field in _followers:
        details = model._default_manager.filter(matter__is_open=True, **{field: merged.unit})
        details.update(**{field: merged.into})


def _said(merged: UnitMerged) -> dict[str, str]:
    said = {"from": merged.unit.name, "to": merged.into.name}
    return said | {"basis": merged.basis} if merged.basis else said


def _held(unit: Unit) -> int:
    return Matter.objects.filter(is_open=True, held_unit=unit).count()


def _taken_part_in(unit: Unit) -> int:
    return Matter.objects.filter(is_open=True, unit_ids__contains=[unit.pk]).exclude(held_unit=unit).count()


unit_merged.connect(hand_over)
goes_over(_("正在办的事项"), _held)
goes_over(_("参与的未结事项"), _taken_part_in)
