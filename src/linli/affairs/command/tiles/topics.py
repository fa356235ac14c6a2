"""热点与上升: what people report most in four weeks, and what rises above its own past."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from statistics import fmean, pstdev

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.command.reading import WEEKS, came_by_day, category_name, lately
from linli.affairs.statistics.policy import Rules
from linli.kernel import policy
from linli.surfaces.command.registry import Drawn, Look, Tile, add_tile
from linli.surfaces.parts import words
from linli.surfaces.parts.charts import Bar, Bars, number

SHOWN = 8


def draw(look: Look) -> Drawn:
    """Draw the most frequent categories; those that rise are marked with a word; one shared statement."""
    came = {code: days for code, days in came_by_day(look).items() if code}
    hot = sorted(came, key=lambda code: (-rises(came[code]), -lately(came[code]), code))
    shown = [code for code in hot if lately(came[code]) > 0][:SHOWN]
    shown.sort(key=lambda code: (-lately(came[code]), code))
    since = look.today - timedelta(days=27)
    rows = []
    for code in shown:
        rising, count = rises(came[code]), lately(came[code])
        rows.append(
            Bar(
                label=_("%(name)s ↑上升") % {"name": category_name(code)} if rising else category_name(code),
                value=count,
                text=_("%(n)s（周 %(week)d）") % {"n": number(count), "week": lately(came[code], 7)}
                if rising
                else number(count),
                tone="rice" if rising else "qing",
                url="" if look.visitors else look.rows(
                    metric="case.came", category=code, since=since.isoformat(), until=look.today.isoformat()
                ),
            )
        )  # fmt: skip
    bars = Bars(title=_("近四周来件最多的类别"), rows=rows, unit=_("件"), label=_("类别"))
    rule = policy.get(Rules).rising
    note = _("↑上升：近七天超过前八周的均值加 %(n)s 倍标准差，且不少于 %(least)d 件") % {
        "n": f"{rule.sigmas:g}", "least": rule.at_least,
    }  # fmt: skip
    return Drawn(
        shapes=[bars] if rows else [],
        note=note if rows else "",
        covers=_("%(since)s至今日") % {"since": words.day(since, weekday=False)},
        empty="" if rows else _("近四周没有来件。"),
    )


def rises(days: Counter[int]) -> bool:
    """Return whether the last seven days exceed mean + σ of the eight weeks before by policy's measure."""
    rule = policy.get(Rules).rising
    week = lately(days, 7)
    past = [sum(days[7 * back + ago] for ago in range(7)) for back in range(1, WEEKS)]
    line = Decimal(str(fmean(past))) + rule.sigmas * Decimal(str(pstdev(past)))
    return week >= rule.at_least and week > line


TILE = Tile(
    key="topics",
    title=gettext_lazy("热点与上升"),
    says=gettext_lazy("近四周来件最多的类别，比自己过去明显多的标“上升”"),
    icon="flag",
    order=60,
    draw=draw,
)
add_tile(TILE)
