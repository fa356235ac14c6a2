"""The tables of the monthly publication (一月一公示): units by score, streets by how they blew. No person is named."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from linli.affairs.whistles.models import Whistle
from linli.affairs.whistles.policy import WhistleSets
from linli.affairs.whistles.selectors import Month
from linli.kernel import policy
from linli.surfaces.parts import shapes
from linli.surfaces.parts.tables import Column, Row, Table


def sections(month: Month) -> dict[str, Any]:
    """Return the shapes of the page: figures, ranking, blowers."""
    return {"figures": _figures(month), "ranking": _ranking(month), "blowers": _blowers(month)}


def _figures(month: Month) -> shapes.Facts:
    levels = dict(Whistle.Level.choices)
    types = {t.code: t.name for t in policy.get(WhistleSets).chosen.types}
    rows: list[tuple[Any, Any]] = [(_("吹哨次数"), month.figures.total)]
    rows += [(levels[level], n) for level, n in month.figures.by_level.items()]
    rows += [(types.get(code, code), n) for code, n in month.figures.by_type.items()]
    rows += [
        (_("吹哨的街道"), month.figures.streets),
        (_("吹哨的社区"), month.figures.communities),
        (_("本月归档"), month.closed),
        (_("月末在办"), month.open),
        (_("返工"), month.reworked),
        (_("派单异议"), month.objections["opened"]),
        (_("异议成立（派错）"), month.objections["wrong_dispatch"]),
        (_("异议不成立（推诿）"), month.objections["groundless"]),
    ]
    return shapes.Facts([(name, str(value)) for name, value in rows])


def _ranking(month: Month) -> Table:
    rows = [
        Row(
            id=str(row.unit.pk),
            cells={
                "place": str(row.place) if row.place else _("件数少，不排名"),
                "unit": row.unit.name,
                "score": str(row.score),
                "whistles": str(row.whistles),
            },
        )
        for row in month.ranking
    ]
    return Table(
        caption=_("报到单位得分"),
        name="ranking",
        rows=rows,
        choosable=False,
        columns=[
            Column(key="place", label=_("名次")),
            Column(key="unit", label=_("单位"), always=True),
            Column(key="score", label=_("平均分"), numeric=True),
            Column(key="whistles", label=_("件数"), numeric=True),
        ],
        empty=shapes.Empty(title=_("这个月还没有评完的哨件。")),
    )


def _blowers(month: Month) -> Table:
    rows = [
        Row(
            id=row.street.code,
            cells={
                "street": row.street.name,
                "blown": str(row.blown),
                "incomplete": str(row.incomplete),
                "not": str(row.not_a_whistle),
            },
        )
        for row in month.blowers
    ]
    return Table(
        caption=_("吹哨情况"),
        name="blowers",
        rows=rows,
        choosable=False,
        columns=[
            Column(key="street", label=_("街道"), always=True),
            Column(key="blown", label=_("吹哨"), numeric=True),
            Column(key="incomplete", label=_("退回补正"), numeric=True),
            Column(key="not", label=_("不属吹哨"), numeric=True),
        ],
        empty=shapes.Empty(title=_("这个月没有吹哨。")),
    )
