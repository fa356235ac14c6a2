"""业务网络: the networks a district names (西山's ten), as views over categories and units."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.cases.process import CASE
from linli.affairs.command.reading import came_by_day, lately
from linli.affairs.statistics import selectors as statistics
from linli.affairs.statistics.policy.networks import Network, categories_of
from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit
from linli.surfaces.command.registry import Drawn, Look, Tile, add_tile
from linli.surfaces.parts import words
from linli.surfaces.parts.charts import Sparkline


def draw(look: Look) -> Drawn | None:
    """Draw a card for each network; three statements, one shared. A district without networks has no such tile."""
    networks = statistics.networks().networks
    if not networks:
        return None
    came = came_by_day(look)
    rows = (
        Matter.objects.filter(look.matters(), kind=CASE.kind, is_open=True)
        .values("category")
        .annotate(n=Count("*"), late=Count("kind", filter=Q(due_at__lt=look.at)))
        .order_by()
    )
    now = {row["category"]: (row["n"], row["late"]) for row in rows}
    codes = {code for network in networks for code in network.units}
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    cards = []
    for network in networks:
        held = categories_of(network)
        weeks = [
            sum(came[code][7 * back + ago] for code in held & came.keys() for ago in range(7)) for back in range(8)
        ]
        cards.append(
            {
                "title": network.title,
                "open": sum(now.get(code, (0, 0))[0] for code in held),
                "late": sum(now.get(code, (0, 0))[1] for code in held),
                "came": sum(lately(came[code]) for code in held & came.keys()),
                "spark": Sparkline(weeks[::-1], width=96, height=24),
                "units": "、".join(names[code] for code in network.units if code in names),
                "says": network.says,
                "url": _url(look, network),
            }
        )
    since = look.today - timedelta(days=27)
    return Drawn(
        template="commandtiles/networks.html",
        context={"cards": cards},
        covers=_("新增为%(since)s至今日，走势为近八周") % {"since": words.day(since, weekday=False)},
        note=_("一个类别可以属于几张网，各网相加不等于总数；类别归属为示例"),
    )


def _url(look: Look, network: Network) -> Any:
    if look.visitors:
        return ""
    chosen = sorted({*network.majors, *network.categories})
    from linli.surfaces.command.registry import rows_url

    return rows_url(area=look.area.code, kind=CASE.kind, state="open", category=chosen)


TILE = Tile(
    key="networks",
    title=gettext_lazy("业务网络"),
    says=gettext_lazy("本地的业务网络（如西山十张网络），按类别和单位看在办、超时和新增"),
    icon="layers",
    size="wide",
    order=80,
    draw=draw,
)
add_tile(TILE)
