"""今日: what came and what was done today, what is open, what is late."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.cases.process import CASE, SPOT
from linli.affairs.command.reading import WORK, flows, open_now
from linli.affairs.whistles.process import WHISTLE
from linli.surfaces.command.registry import Drawn, Look, Tile, add_tile
from linli.surfaces.parts.charts import Sparkline, number

CAME, CLOSED, SPOTS, BLOWN = "case.came", f"{CASE.kind}.closed", f"{SPOT.kind}.opened", f"{WHISTLE.kind}.opened"
DAYS = 14


def draw(look: Look) -> Drawn:
    """Draw six figures; two statements, one of them shared."""
    flow = flows(look, [CAME, CLOSED, SPOTS, BLOWN], DAYS)
    here = open_now(look)
    cases = sum(one.open for one in here if one.kind == CASE.kind)
    whistles = sum(one.open for one in here if one.kind == WHISTLE.kind)
    late = sum(one.late for one in here)
    figures = [
        _flow(look, _("今日新增"), CAME, flow, "inbox"),
        _flow(look, _("今日办结"), CLOSED, flow, "circle-check"),
        _flow(look, _("当场处置"), SPOTS, flow, "check-check"),
        {
            "label": _("在办案件"),
            "value": number(cases),
            "icon": "clipboard-list",
            "note": _("另有哨件 %(n)s") % {"n": number(whistles)},
            "url": look.rows(kind=CASE.kind, state="open"),
        },
        {
            "label": _("现在超时"),
            "value": number(late),
            "icon": "triangle-alert",
            "tone": "whistle" if late else "",
            "note": _("案件、哨件和单位任务"),
            "url": look.rows(kind=WORK, state="late"),
        },
        _flow(look, _("今日登记哨件"), BLOWN, flow, "megaphone"),
    ]
    return Drawn(template="commandtiles/today.html", context={"figures": figures, "days": DAYS})


def _flow(look: Look, label: str, metric: str, flow: dict[str, list[int]], icon: str) -> dict[str, Any]:
    days = flow[metric]
    return {
        "label": label,
        "value": number(days[-1]),
        "icon": icon,
        "note": _("昨日 %(n)s") % {"n": number(days[-2])},
        "days": days,
        "spark": Sparkline(days, width=120, height=28),
        "url": look.rows(metric=metric, since=look.today.isoformat(), until=look.today.isoformat()),
    }


TILE = Tile(
    key="today",
    title=gettext_lazy("今日"),
    says=gettext_lazy("新增、办结、在办和超时，各附近两周走势"),
    icon="sun",
    size="banner",
    order=10,
    draw=draw,
)
add_tile(TILE)
