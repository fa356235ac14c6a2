"""What the worker does for matters by itself or after others' changes."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction

from linli.kernel import areas, clock, jobs
from linli.kernel.areas.models import AreaVersion
from linli.kernel.matters import sealing, sweeping
from linli.kernel.matters.models import Matter


@jobs.task(unique=True)
def recompute_clocks(since: str) -> None:
    """Set running due times anew after the work calendar changed from ``since`` on."""
    sweeping.recompute(clock.at(date.fromisoformat(since)))


@jobs.task(unique=True, periodic=3600)
def align_areas() -> None:
    """Let open matters follow today's tree: their place, their holder and the code that searches use.

    Run after every re-division and once an hour, so a change dated in the future takes hold on its day; what
    already agrees is not touched.
    """
    tree = areas.tree()
    for column in ("area_id", "held_area_id"):
        for area_id in Matter.objects.filter(is_open=True).values_list(column, flat=True).distinct():
            if area_id is not None and tree.find_id(area_id) is None:
                heir = _heir(area_id)
                if heir is not None:
                    Matter.objects.filter(is_open=True, **{column: area_id}).update(**{column: heir.id})
    pairs = Matter.objects.filter(is_open=True).values_list("area_id", "area_code").distinct()
    for area_id, code in list(pairs):
        node = tree.find_id(area_id)
        if node is not None and node.code != code:
            with transaction.atomic():
                Matter.objects.filter(is_open=True, area_id=area_id).update(area_code=node.code)


def _heir(area_id: uuid.UUID) -> areas.Node | None:
    """Return the area of today's tree that inherits from one that has ceased."""
    last = AreaVersion.objects.filter(area=area_id).order_by("-valid_from").first()
    if last is None:
        return None
    heirs = areas.became(last.code, last.valid_from)
    return heirs[0] if heirs else None


@jobs.periodic(5, "matters.sweep")
def sweep() -> int:
    """Look at the clocks whose time has come."""
    return sweeping.sweep()


@jobs.periodic(24 * 3600, "matters.seal")
def seal() -> object:
    """Seal the day's trail heads."""
    return sealing.seal()
