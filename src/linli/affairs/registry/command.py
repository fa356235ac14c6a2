"""基层负担: what bureaus' tables asked of the grassroots in four weeks, on the boards of the command centre.

Nobody fills in anything for it: the minutes are those of the bill that each bureau saw before it sent its table.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.registry.forms import tables
from linli.affairs.registry.forms.process import REQUEST, TASK
from linli.affairs.registry.models import FormTask
from linli.kernel import clock
from linli.kernel.areas.models import Level
from linli.surfaces.command.registry import Drawn, Look, Tile, add_tile
from linli.surfaces.parts import shapes, words
from linli.surfaces.parts.charts import Bar, Bars, number

DAYS = 28
SHOWN = 6


def draw(look: Look) -> Drawn:
    """Draw the hours by asking unit, and what the grids here still have to ask; two statements."""
    since = look.today - timedelta(days=DAYS - 1)
    asked = tables.burden(clock.at(since), look.at)
    hours = [Bar(label=one.unit, value=round(one.minutes / 60, 1), tone="rice") for one in asked[:SHOWN]]
    drawn: list[shapes.Shape] = [shapes.Facts(_facts(look, asked))]
    if any(bar.value for bar in hours):
        title = _("谁要的表占用多少小时（全区）")
        drawn.append(Bars(title=title, rows=hours, unit=_("小时"), label=_("要表单位")))
    return Drawn(
        shapes=drawn if asked or _waiting(look)["n"] else [],
        covers=_("%(since)s至今日") % {"since": words.day(since, weekday=False)},
        url=look.rows(kind=[TASK.kind, REQUEST.kind], state="open"),
        more=_("在填的表"),
        note=_("按发出时的账单自动计算，不用填报") if asked else "",
        empty="" if asked or _waiting(look)["n"] else _("近四周没有部门要表。"),
    )


def _facts(look: Look, asked: list[tables.Burden]) -> list[tuple[object, object]]:
    minutes, forms = sum(one.minutes for one in asked), sum(one.forms for one in asked)
    waiting = _waiting(look)
    whole = look.area.level == Level.DISTRICT
    place = _("全区") if whole else look.area.name
    cost = {"n": number(forms), "hours": number(round(minutes / 60, 1))}
    left = {"tasks": number(waiting["n"]), "facts": number(waiting["facts"])}
    return [
        (_("全区要表"), _("%(n)s 张，约占基层 %(hours)s 小时") % cost),
        (_("%(place)s待补问") % {"place": place}, _("%(tasks)s 个网格任务，%(facts)s 项") % left),
    ]


def _waiting(look: Look) -> dict[str, int]:
    """Return how many tasks of grids in this place are open, and how many facts they have to ask; asked once."""
    here = Q(matter__is_open=True, matter__area_code__startswith=look.area.code)
    found = look.once(
        "burden.waiting", lambda: FormTask.objects.filter(here).aggregate(n=Count("pk"), facts=Sum("missing"))
    )
    return {"n": found["n"], "facts": found["facts"] or 0}


TILE = Tile(
    key="burden",
    title=gettext_lazy("基层负担"),
    says=gettext_lazy("近四周部门要表占用基层多少小时，网格手上还有多少要补问"),
    icon="scale",
    order=75,
    draw=draw,
)
add_tile(TILE)
