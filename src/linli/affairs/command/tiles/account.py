"""挂账: what is on account, how long already, and what has passed its planned date."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.cases.process import PLANNED, SUSPENDED, TASK
from linli.affairs.whistles.process import LATER, ON_ACCOUNT, REMAINDER, REPORT_IN
from linli.kernel.matters.models import ClockRun, Matter
from linli.surfaces.command.registry import Drawn, Look, Tile, add_tile
from linli.surfaces.parts.charts import Bar, Bars

KINDS = (REMAINDER.kind, REPORT_IN.kind, TASK.kind)
STAGES = (ON_ACCOUNT.key, SUSPENDED.key)
STEPS = (30, 90, 180)


def draw(look: Look) -> Drawn:
    """Draw the ages in four steps; one statement over what is on account now."""
    kept = Matter.objects.filter(look.matters(), kind__in=KINDS, is_open=True, stage__in=STAGES)
    runs = ClockRun.objects.filter(matter__in=kept, clock__in=(PLANNED.key, LATER.key), state=ClockRun.State.RUNNING)
    days = [look.at - timedelta(days=step) for step in STEPS]
    found = runs.aggregate(
        first=Count("pk", filter=Q(started_at__gt=days[0])),
        second=Count("pk", filter=Q(started_at__lte=days[0], started_at__gt=days[1])),
        third=Count("pk", filter=Q(started_at__lte=days[1], started_at__gt=days[2])),
        fourth=Count("pk", filter=Q(started_at__lte=days[2])),
        late=Count("pk", filter=Q(due_at__lt=look.at)),
    )
    total = sum(found[name] for name in ("first", "second", "third", "fourth"))
    rows = [
        Bar(label=_("30 天以内"), value=found["first"], tone="qing"),
        Bar(label=_("31—90 天"), value=found["second"], tone="qing"),
        Bar(label=_("91—180 天"), value=found["third"], tone="rice"),
        Bar(label=_("180 天以上"), value=found["fourth"], tone="whistle"),
    ]
    bars = Bars(title=_("已挂多久（共 %(n)d 件）") % {"n": total}, rows=rows, unit=_("件"), label=_("挂账时间"))
    return Drawn(
        shapes=[bars] if total else [],
        note=_("%(n)d 件已过计划完成日") % {"n": found["late"]} if found["late"] else "",
        url=look.rows(kind=KINDS, stage=STAGES, state="open"),
        more=_("全部挂账"),
        empty="" if total else _("现在没有挂账的事项。"),
    )


TILE = Tile(
    key="account",
    title=gettext_lazy("挂账"),
    says=gettext_lazy("挂账事项已挂多久，多少过了计划完成日"),
    icon="hourglass",
    order=70,
    draw=draw,
)
add_tile(TILE)
