"""每月一题: chosen with its reason, owned by a unit, ended with a result."""

from __future__ import annotations

from linli.affairs.statistics.models import MonthTopic
from linli.affairs.statistics.process import MONTH_TOPIC
from linli.kernel import areas
from linli.kernel.matters import Transition


@MONTH_TOPIC.on("choose")
def chosen(t: Transition) -> None:
    """The topic of a month is handed to the unit that leads."""
    detail: MonthTopic = t.detail
    for name in ("month", "why", "plan", "unit", "planned_on"):
        setattr(detail, name, t.data[name])
    t.matter.title = t.data["title"]
    t.place(areas.tree().root)
    t.hold(unit=t.data["unit"].pk)


@MONTH_TOPIC.on("tell")
@MONTH_TOPIC.on("finish")
def told(t: Transition) -> None:
    """How far it is; at the end, what came of it."""
    t.detail.result = t.data["result"]
