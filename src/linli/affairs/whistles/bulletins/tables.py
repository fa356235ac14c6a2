"""The tables of a month's publication, live or as it was released: units by score, streets by how they blew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from linli.affairs.whistles.models import Whistle
from linli.affairs.whistles.policy import WhistleSets
from linli.kernel import policy
from linli.surfaces.parts import shapes
from linli.surfaces.parts.tables import Column, Row, Table

Body = Mapping[str, Any]
"""A month as :meth:`~linli.affairs.whistles.selectors.Month.plain` gives it. No person is named in it."""


def sections(body: Body) -> dict[str, Any]:
    """Return the shapes of the page: figures, ranking, blowers, corrections where there are any."""
    return {
        "figures": _figures(body),
        "ranking": _ranking(body),
        "blowers": _blowers(body),
        "corrections": _corrections(body) if body["corrections"] else None,
    }


def _figures(body: Body) -> shapes.Facts:
    levels = dict(Whistle.Level.choices)
    types = {t.code: t.name for t in policy.get(WhistleSets).chosen.types}
    rows: list[tuple[Any, Any]] = [(_("吹哨次数"), body["total"])]
    rows += [(levels[level], n) for level, n in body["levels"].items()]
    rows += [(types.get(code, code), n) for code, n in body["types"].items()]
    objections = body["objections"]
    rows += [
        (_("吹哨的街道"), body["streets"]),
        (_("吹哨的社区"), body["communities"]),
        (_("本月归档"), body["closed"]),
        (_("月末在办"), body["open"]),
        (_("返工"), body["reworked"]),
        (_("派单异议"), objections["opened"]),
        (_("异议成立（派错）"), objections["wrong_dispatch"]),
        (_("异议不成立（推诿）"), objections["groundless"]),
    ]
    return shapes.Facts([(name, str(value)) for name, value in rows])


def _table(
    name: str, caption: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[tuple[str, str]], empty: str
) -> Table:
    """Return a table whose first column is words and whose others are numbers."""
    first = columns[0][0]
    return Table(
        caption=caption,
        name=name,
        rows=[Row(id=str(n), cells={key: str(row[key]) for key, _label in columns}) for n, row in enumerate(rows)],
        choosable=False,
        columns=[Column(key=key, label=label, numeric=key != first, always=key == first) for key, label in columns],
        empty=shapes.Empty(title=empty),
    )


def _ranking(body: Body) -> Table:
    rows = [{**row, "place": row["place"] or _("件数少，不排名")} for row in body["ranking"]]
    columns = [("unit", _("单位")), ("place", _("名次")), ("score", _("平均分")), ("whistles", _("件数"))]
    return _table("ranking", _("报到单位得分"), rows, columns, _("这个月还没有评完的哨件。"))


def _blowers(body: Body) -> Table:
    columns = [("street", _("街道")), ("blown", _("吹哨")), ("incomplete", _("退回补正")), ("not", _("不属吹哨"))]
    return _table("blowers", _("吹哨情况"), body["blowers"], columns, _("这个月没有吹哨。"))


def _corrections(body: Body) -> Table:
    columns = [("unit", _("单位")), ("before", _("原得分")), ("after", _("更正后"))]
    return _table("corrections", _("本月更正的得分"), body["corrections"], columns, "")
