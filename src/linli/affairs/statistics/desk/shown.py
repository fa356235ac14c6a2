"""Figures as tables and charts of the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.affairs.statistics import selectors
from linli.affairs.statistics.atoms import ATOMS
from linli.affairs.statistics.desk.asking import Asked
from linli.affairs.statistics.models import DrawnUnit, Recheck
from linli.affairs.statistics.policy import Definition, Scheme
from linli.affairs.statistics.policy.indices import FAMILIES
from linli.affairs.statistics.scoring import Card
from linli.affairs.statistics.selectors import Figure, Line, Scope
from linli.kernel.matters import selectors as matters
from linli.kernel.matters.declare import process_of
from linli.kernel.posts.actors import Actor
from linli.surfaces.parts import charts, shapes
from linli.surfaces.parts.tables import Column, Row, Table

TREND = timedelta(days=360)
ROWS = 30


def _plain(value: Any) -> str:
    return f"{value.normalize():f}"


def sections(found: Mapping[str, Figure], asked: Asked) -> list[Table]:
    """Return one table for each family of indices."""
    common = set(common_notes(found))
    tables = []
    for family, title in FAMILIES.items():
        chosen = [figure for figure in found.values() if figure.definition.family == family]
        if chosen:
            rows = [_row(figure, asked, common) for figure in chosen]
            tables.append(Table(caption=title, name=family, columns=_columns(), rows=rows, choosable=False))
    return tables


def common_notes(found: Mapping[str, Figure]) -> list[str]:
    """Return what holds for every figure of a page; said once."""
    if not found:
        return []
    figures = list(found.values())
    return [note for note in figures[0].notes if all(note in figure.notes for figure in figures)]


def _columns() -> list[Column]:
    return [
        Column(key="title", label=_("指标"), always=True),
        Column(key="value", label=_("值"), numeric=True, always=True),
        Column(key="adjusted", label=_("剔除后"), numeric=True),
        Column(key="parts", label=_("分子 / 分母"), numeric=True),
        Column(key="effective", label=_("有效回访"), numeric=True),
        Column(key="says", label=_("口径与说明"), prose=True),
    ]


def _row(figure: Figure, asked: Asked, common: set[str]) -> Row:
    one = figure.definition
    whole = one.kind in {"count", "composite"}
    said = [note for note in figure.notes if note not in common]
    return Row(
        id=one.code,
        url=f"{reverse('statistics:index', args=[one.code])}?{asked.query}",
        label=one.title,
        cells={
            "title": one.title,
            "value": figure.text,
            "adjusted": figure.adjusted_text,
            "parts": "" if whole or figure.value is None else divided(figure),
            "effective": "" if figure.effective is None or one.family != "hotline" else f"{figure.effective}%",
            "says": "；".join([one.says, *said]),
        },
    )


def divided(figure: Figure) -> str:
    """Return what a figure was divided from, as it is read."""
    return f"{_plain(figure.raw.numerator)} / {_plain(figure.raw.denominator)}"


def split_table(lines: Sequence[Line], asked: Asked) -> Table:
    """Return a split: a row for each place, unit, category, source or network, a column for each index."""
    titles = {d.code: d.title for d in selectors.definitions(asked.scope.until)}
    columns = [Column(key="label", label=_("名称"), always=True)]
    columns += [Column(key=code, label=titles[code], numeric=True) for code in asked.codes if code in titles]
    columns.append(Column(key="notes", label=_("说明"), prose=True))
    rows = []
    for line in lines:
        said = dict.fromkeys(note for figure in line.figures.values() for note in figure.notes)
        cells = {code: figure.text for code, figure in line.figures.items()}
        rows.append(Row(id=line.key or "none", cells={"label": line.label, **cells, "notes": "；".join(said)}))
    return Table(
        caption=_("分列"), name="split", columns=columns, rows=rows, choosable=False,
        empty=shapes.Empty(title=_("这段时间没有数据。")),
    )  # fmt: skip


def one(actor: Actor, request: HttpRequest, versions: Sequence[Definition], asked: Asked) -> dict[str, Any]:
    """Return what the page of one index shows."""
    definition = versions[-1]
    code = definition.code
    scope = asked.scope
    figure = selectors.figures(scope, [code]).get(code)
    metrics = sorted({m for v in versions for m in v.metrics})
    metric = request.GET.get("metric", "")
    return {
        "figure": figure,
        "chart": _chart(definition, scope),
        "streets": _by(scope, "area", code),
        "units": _by(scope, "unit", code),
        "versions": [(number, v) for number, v in enumerate(versions, start=1)],
        "terms": [(m, ATOMS[m], m == metric) for m in metrics],
        "metric": metric if metric in metrics else "",
        "rows": _matters(actor, metric, scope) if metric in metrics else None,
    }


def _chart(definition: Definition, scope: Scope) -> charts.Chart | None:
    """Return the trend of the year that ends with the period, by month; ``None`` where there is no point to draw."""
    since = date.fromordinal(scope.until.toordinal() - TREND.days).replace(day=1)
    year = Scope(since=since, until=scope.until, area=scope.area, unit_id=scope.unit_id)
    steps = selectors.trend(year, [definition.code])[definition.code]
    values = [None if figure is None or figure.value is None else float(figure.value) for _day, figure in steps]
    if not any(value is not None for value in values):
        return None
    return charts.Chart(
        title=_("近一年 %(title)s") % {"title": definition.title}, kind="line", unit=definition.unit,
        labels=[f"{day:%Y-%m}" for day, _figure in steps], series=[charts.Series(definition.title, values)],
    )  # fmt: skip


def _by(scope: Scope, by: Any, code: str) -> Table:
    lines = selectors.split(scope, by, [code])
    rows = []
    for line in lines:
        figure = line.figures.get(code)
        if figure is not None and figure.value is not None:
            rows.append(
                Row(id=line.key or "none", cells={
                    "label": line.label, "value": figure.text, "adjusted": figure.adjusted_text,
                    "parts": divided(figure),
                })
            )  # fmt: skip
    return Table(
        caption=_("按街道乡镇") if by == "area" else _("按单位"), name=f"by-{by}", rows=rows, choosable=False,
        columns=[
            Column(key="label", label=_("名称"), always=True),
            Column(key="value", label=_("值"), numeric=True),
            Column(key="adjusted", label=_("剔除后"), numeric=True),
            Column(key="parts", label=_("分子 / 分母"), numeric=True),
        ],
        empty=shapes.Empty(title=_("这段时间没有数据。")),
    )  # fmt: skip


def _matters(actor: Actor, metric: str, scope: Scope) -> Table:
    """Return the matters behind a count that this post may see, newest first."""
    ids = selectors.subjects(metric, scope, limit=ROWS)
    found = matters.visible(actor, pk__in=ids).order_by("-opened_at")
    rows = [
        Row(
            id=matter.number, url=reverse("desk:matter", args=[matter.number]),
            cells={"number": matter.number, "title": matter.title, "stage": stage_word(matter)},
        )
        for matter in found
    ]  # fmt: skip
    return Table(
        caption=_("背后的事项"), name="rows", rows=rows, choosable=False,
        columns=[
            Column(key="number", label=_("编号"), always=True),
            Column(key="title", label=_("标题")),
            Column(key="stage", label=_("环节")),
        ],
        empty=shapes.Empty(title=_("没有，或不在您的知悉范围内。")),
    )  # fmt: skip


def stage_word(matter: Any) -> str:
    """Return where a matter stands, in words."""
    return str(process_of(matter.kind).stage(matter.stage).title)


def cards_table(scheme: Scheme, cards: Sequence[Card]) -> Table:
    """Return the cards of units as a table, best first."""
    columns = [Column(key="unit", label=_("单位"), always=True), Column(key="total", label=_("得分"), numeric=True)]
    names = [part.title for part in cards[0].parts] if cards else []
    columns += [Column(key=f"part{n}", label=name, numeric=True) for n, name in enumerate(names)]
    rows = []
    for card in sorted(cards, key=lambda card: (-(card.total / card.full) if card.full else 0, card.name)):
        cells: dict[str, Any] = {"unit": card.name, "total": f"{_plain(card.total)} / {_plain(card.full)}"}
        for number, part in enumerate(card.parts):
            said = _("无数据") if part.points is None else _plain(part.points)
            cells[f"part{number}"] = f"{said}（{part.reads}）" if part.reads and part.points is not None else said
        rows.append(Row(id=card.unit, cells=cells))
    return Table(
        caption=scheme.title, name="scores", columns=columns, rows=rows, choosable=False,
        empty=shapes.Empty(title=_("这段时间没有数据。")),
    )  # fmt: skip


def drawn_table(units: Sequence[DrawnUnit], looks: Sequence[Recheck]) -> Table:
    """Return, for each unit, how many cases were drawn from, drawn, looked at, and found false."""
    rows = []
    for pot in units:
        own = [look for look in looks if look.unit_id == pot.unit_id]
        done = [look for look in own if look.matter.stage in {"true", "false"}]
        false = sum(look.matter.stage == "false" for look in done)
        rate = f"{100 * false / len(done):.2f}%" if done else _("无数据")
        cells = {
            "unit": pot.unit.name,
            "size": pot.size,
            "drawn": len(own),
            "done": len(done),
            "false": false,
            "rate": rate,
        }
        rows.append(Row(id=str(pot.pk), cells={key: str(value) for key, value in cells.items()}))
    return Table(
        caption=_("各单位"), name="drawn", rows=rows, choosable=False,
        columns=[
            Column(key="unit", label=_("单位"), always=True),
            Column(key="size", label=_("当月办结"), numeric=True),
            Column(key="drawn", label=_("抽中"), numeric=True),
            Column(key="done", label=_("已复查"), numeric=True),
            Column(key="false", label=_("没有办成"), numeric=True),
            Column(key="rate", label=_("虚假办结率"), numeric=True),
        ],
        empty=shapes.Empty(title=_("当月没有办结的案件。")),
    )  # fmt: skip


def looks_table(looks: Sequence[Recheck]) -> Table:
    """Return every second look: which case, whose, what was found."""
    rows = [
        Row(
            id=look.matter.number, url=reverse("desk:matter", args=[look.matter.number]),
            cells={
                "number": look.subject.number, "unit": look.unit.name, "stage": stage_word(look.matter),
                "found": look.found,
            },
        )
        for look in sorted(looks, key=lambda look: look.subject.number)
    ]  # fmt: skip
    return Table(
        caption=_("抽中的案件"), name="looks", rows=rows, choosable=False,
        columns=[
            Column(key="number", label=_("案件"), always=True),
            Column(key="unit", label=_("单位")),
            Column(key="stage", label=_("复查")),
            Column(key="found", label=_("看到的情况"), prose=True),
        ],
        empty=shapes.Empty(title=_("没有抽中的案件。")),
    )  # fmt: skip
