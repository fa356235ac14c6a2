"""Reading figures: one index or all, narrowed to a place, unit, network, category or source, split, over time.

Every figure costs a fixed number of statements whatever the history (one for the counts of each stretch with one way
of counting, normally one stretch), says which days it covers, and has no value where there is nothing to divide by.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext as _

from linli.affairs.statistics import coverage
from linli.affairs.statistics.atoms import ASKED, REACHED
from linli.affairs.statistics.computing import Counts, Formula, Value, added, evaluate, formula_on, left_out
from linli.affairs.statistics.policy import Definition, Indices, Networks
from linli.affairs.statistics.policy.networks import categories_of
from linli.kernel import clock, policy, tallies
from linli.kernel.areas.models import Level

By = Literal["area", "unit", "category", "source", "network"]
Step = Literal["day", "week", "month"]


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which days, both counted, and what they are narrowed to; empty narrows nothing."""

    since: date
    until: date
    area: str = ""
    unit_id: uuid.UUID | None = None
    category: str | None = None
    source: str | None = None
    network: str | None = None

    @property
    def filters(self) -> dict[str, Any]:
        """What the tallies are asked with."""
        return {
            "area_code": self.area, "unit_id": self.unit_id, "category": self.category, "source": self.source,
        }  # fmt: skip


@dataclass(frozen=True)
class Stretch:
    """A figure over days on which it was counted in one way."""

    since: date
    until: date
    version: int
    raw: Value
    adjusted: Value


@dataclass(frozen=True)
class Figure:
    """One index: its value, what it was divided from, which days it covers, and what must be said with it.

    Where the definition changed within the period the value is that of the last ``stretches``, and ``since`` is its
    first day. ``effective`` is the share of effective call-backs in the same scope, in per cent.
    """

    definition: Definition
    version: int
    since: date
    until: date
    raw: Value
    adjusted: Value
    left: int
    effective: Decimal | None
    notes: tuple[str, ...] = ()
    stretches: tuple[Stretch, ...] = ()

    @property
    def code(self) -> str:
        """The index."""
        return self.definition.code

    @property
    def value(self) -> Decimal | None:
        """The raw value; ``None`` is *no data*."""
        return self.raw.value

    @property
    def text(self) -> str:
        """The value for a reader, with its unit; 无数据 where there is none."""
        return shown(self.definition, self.raw.value)

    @property
    def adjusted_text(self) -> str:
        """The adjusted value for a reader; empty for an index that is never adjusted."""
        return shown(self.definition, self.adjusted.value) if self.definition.adjusted else ""


@dataclass(frozen=True)
class Line:
    """A row of a split: an area, unit, category, source or network with its figures."""

    key: str
    label: str
    figures: Mapping[str, Figure] = field(default_factory=dict)


def shown(definition: Definition, value: Decimal | None) -> str:
    """Return a value with its unit as people write it: 93.72%, 12 件, 1.80 次; 无数据 for none."""
    if value is None:
        return _("无数据")
    if definition.kind == "count":
        return f"{value:,.0f} {definition.unit}"
    return f"{value:,.2f}{definition.unit}" if definition.unit == "%" else f"{value:,.2f} {definition.unit}"


def definitions(day: date | None = None) -> list[Definition]:
    """Return the indices in force on a day (today), in the order of policy."""
    asked = day or clock.today()
    return list(policy.get(Indices, asked).present(asked))


def figures(scope: Scope, codes: Iterable[str] | None = None) -> dict[str, Figure]:
    """Return ``{code: figure}``; every index in force at the end of the period when no codes are given."""
    span = coverage.covered(scope.since, scope.until)
    chosen = list(codes) if codes is not None else [d.code for d in definitions(scope.until)]
    formulas = _formulas(chosen, span.stretches)
    counts = [_totals(scope, stretch, metrics) for stretch, metrics in _needs(formulas, span.stretches)]
    notes = coverage.notes(span, scope.until, scope.area, scope.unit_id)
    found = {}
    for code in chosen:
        made = _figure(span, formulas[code], counts, notes)
        if made is not None:
            found[code] = made
    return found


def figure(code: str, scope: Scope) -> Figure:
    """Return one index. Raises ``KeyError`` for one that is not defined on any day of the period."""
    return figures(scope, [code])[code]


def split(scope: Scope, by: By, codes: Iterable[str] | None = None, *, level: Level | None = None) -> list[Line]:
    """Return the figures of each area below, unit, category, source or network that has any, by its name.

    Areas are those of ``level`` (by default the one below the scope's, streets for the whole
    district). What has no unit or category stands under the key ``""``. Networks may overlap, so their counts need
    not add up.
    """
    span = coverage.covered(scope.since, scope.until)
    chosen = list(codes) if codes is not None else [d.code for d in definitions(scope.until)]
    formulas = _formulas(chosen, span.stretches)
    tables = [_table(scope, stretch, metrics, by, level) for stretch, metrics in _needs(formulas, span.stretches)]
    keys = sorted({key for table in tables for key in table})
    names, said = coverage.labels(by, keys, scope.until), coverage.notes_of(by, span.since, span.until)
    lines = []
    for key in keys:
        counts = [table.get(key, {}) for table in tables]
        made = {code: _figure(span, formulas[code], counts, said(key)) for code in chosen}
        lines.append(Line(key, names(key), {code: one for code, one in made.items() if one is not None}))
    return sorted(lines, key=lambda line: (line.key == "", line.key))


def trend(scope: Scope, codes: Sequence[str], by: Step = "month") -> dict[str, list[tuple[date, Figure | None]]]:
    """Return ``{code: [(first day, figure)]}`` for every step of the period; ``None`` where the index is not defined.

    One statement. A step in which the definition changed shows the figure by its last one, with a note.
    """
    span = coverage.covered(scope.since, scope.until)
    if span.empty:
        return {code: [] for code in codes}
    formulas = _formulas(codes, span.stretches)
    metrics = {m for held in formulas.values() for formula in held if formula for m in formula.metrics} | set(ASKED)
    steps = tallies.history(sorted(metrics), span.since, span.until, by=by, **scope.filters)
    begins = list(steps)
    found: dict[str, list[tuple[date, Figure | None]]] = {code: [] for code in codes}
    for at, (begin, counts) in enumerate(steps.items()):
        last = (begins[at + 1] if at + 1 < len(begins) else span.until + coverage.DAY) - coverage.DAY
        piece = coverage.Span(max(begin, span.since), last, ((max(begin, span.since), last),))
        for code in codes:
            formula = formula_on(code, last)
            changed = formula and formula_on(code, piece.since)
            note = (
                (_("这一段里口径有变，按段末口径计算"),) if formula and changed and changed.key != formula.key else ()
            )
            found[code].append((begin, _figure(piece, [formula], [counts], note)))
    return found


def networks() -> Networks:
    """Return the networks that the district has chosen."""
    return policy.get(Networks)


def subjects(metric: str, scope: Scope, *, limit: int = 200) -> list[uuid.UUID]:
    """Return the ids of the matters behind a count, newest first: the second click."""
    return tallies.subjects(metric, scope.since, scope.until, limit=limit, **scope.filters)


# -- how ------------------------------------------------------------------------------------------------------------

NOTHING = Value(None, Decimal(0), Decimal(0))
Held = list[Formula | None]


def _formulas(codes: Iterable[str], pieces: Sequence[tuple[date, date]]) -> dict[str, Held]:
    return {code: [formula_on(code, begin) for begin, _end in pieces] for code in codes}


def _needs(
    formulas: Mapping[str, Held], pieces: Sequence[tuple[date, date]]
) -> list[tuple[tuple[date, date], list[str]]]:
    """Return each stretch with the metrics that are asked for in it."""
    found = []
    for at, piece in enumerate(pieces):
        held = [formula for many in formulas.values() if (formula := many[at]) is not None]
        found.append((piece, sorted({m for formula in held for m in formula.metrics} | set(ASKED))))
    return found


def _totals(scope: Scope, piece: tuple[date, date], metrics: Sequence[str]) -> Counts:
    if scope.network is None:
        return tallies.totals(metrics, *piece, **scope.filters)
    chosen = categories_of(policy.get(Networks).by_code[scope.network])
    rows = tallies.table(metrics, *piece, by="category", **{**scope.filters, "category": None})
    return added(counts for category, counts in rows.items() if category in chosen)


def _table(
    scope: Scope, piece: tuple[date, date], metrics: Sequence[str], by: By, level: Level | None
) -> dict[str, dict[str, int]]:
    if by != "network":
        asked = (level or (None if scope.area else Level.STREET)) if by == "area" else None
        return tallies.table(metrics, *piece, by=by, level=asked, **scope.filters)
    rows = tallies.table(metrics, *piece, by="category", **scope.filters)
    chosen = {one.code: categories_of(one) for one in policy.get(Networks).networks}
    return {code: added(rows.get(category, {}) for category in held) for code, held in chosen.items()}


def _figure(span: coverage.Span, held: Held, counts: Sequence[Counts], notes: tuple[str, ...]) -> Figure | None:
    """Make one figure of a period's stretches; ``None`` when the index is defined on none of its days."""
    groups: list[tuple[date, date, Formula, list[Counts]]] = []
    for (begin, end), formula, counted in zip(span.stretches, held, counts, strict=True):
        if formula is None:
            continue
        if groups and groups[-1][2].key == formula.key and groups[-1][1] + coverage.DAY == begin:
            groups[-1] = (groups[-1][0], end, formula, [*groups[-1][3], counted])
        else:
            groups.append((begin, end, formula, [counted]))
    if not groups:
        return None
    made = [_stretch(span, *group) for group in groups]
    begin, end, formula, counted_last = groups[-1]
    said = list(notes)
    if len(made) > 1:
        said.insert(0, _("口径在 %(day)s 变更，本数只含其后；此前另列") % {"day": begin.isoformat()})
    elif begin > span.since or end < span.until:
        said.insert(
            0, _("口径只在 %(since)s 至 %(until)s 有效") % {"since": begin.isoformat(), "until": end.isoformat()}
        )
    total = added(counted_last)
    asked, reached = sum(total.get(m, 0) for m in ASKED), sum(total.get(m, 0) for m in REACHED)
    share = Value(Decimal(reached) / asked * 100, Decimal(reached), Decimal(asked)).value if asked > 0 else None
    return Figure(
        definition=formula.definition, version=formula.number, since=begin, until=end, raw=made[-1].raw,
        adjusted=made[-1].adjusted, left=left_out(formula, total) if formula.definition.adjusted else 0,
        effective=None if share is None else share.quantize(Decimal("0.01")), notes=tuple(said),
        stretches=tuple(made) if len(made) > 1 else (),
    )  # fmt: skip


def _stretch(span: coverage.Span, begin: date, end: date, formula: Formula, counts: Sequence[Counts]) -> Stretch:
    if span.empty:
        return Stretch(begin, end, formula.number, NOTHING, NOTHING)
    total = added(counts)
    return Stretch(begin, end, formula.number, evaluate(formula, total), evaluate(formula, total, adjusted=True))
