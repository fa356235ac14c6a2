"""The events behind figures, without personal data: what anybody recomputes a published figure from.

A file is JSON lines. The first is the header: what the indices are, and the published values by place and unit. Every
further line is one event: ``[ref, metric, day, street, unit, category, source, value]``. ``ref`` is a hash that tells
events of one matter apart from those of another and leads nowhere; places are cut to the street, categories to the
major class, and what only few may know has no category at all. Events are those written until ``as_of``: the figures
are a sum of deltas that are never changed, so a later correction leaves the file of an earlier publication as it was.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from linli.affairs.cases.policy import Categories
from linli.affairs.statistics.atoms import ADJUSTED, LEFT
from linli.affairs.statistics.computing import Formula, evaluate, formula_on, stretches
from linli.kernel import areas, clock, ids, policy
from linli.kernel.posts.models import Unit

STREET: Final = 9
CHUNK: Final = 2000

_SUMS = """
SELECT metric, left(area_code, %s), unit_id, sum(value)::bigint FROM tallies_delta
WHERE metric = ANY(%s) AND day BETWEEN %s AND %s AND id < %s GROUP BY 1, 2, 3
"""

_EVENTS = """
SELECT d.subject_id, d.metric, d.day, left(d.area_code, %s), d.unit_id, d.category, d.source, sum(d.value)::bigint,
       coalesce(m.restricted, false)
FROM tallies_delta d LEFT JOIN matters_matter m ON m.id = d.subject_id
WHERE d.metric = ANY(%s) AND d.day BETWEEN %s AND %s AND d.id < %s
GROUP BY 1, 2, 3, 4, 5, 6, 7, 9 HAVING sum(d.value) <> 0 ORDER BY 3, 2, 1
"""


@dataclass(frozen=True)
class Held:
    """An index over the days on which it was last counted in one way within a period."""

    code: str
    since: date
    until: date
    formula: Formula


def held(codes: Sequence[str], since: date, until: date) -> list[Held]:
    """Return each index with the last stretch of the period in which it counted in one way."""
    found = []
    pieces = stretches(since, until)
    for code in codes:
        last: Held | None = None
        for begin, end in pieces:
            formula = formula_on(code, begin)
            if formula is None:
                continue
            alike = last is not None and last.formula.key == formula.key
            last = Held(code, last.since if alike and last else begin, end, formula)
        if last is not None:
            found.append(last)
    return found


def metrics(indices: Sequence[Held]) -> list[str]:
    """Return what the indices count."""
    return sorted({metric for one in indices for metric in one.formula.metrics})


def header(codes: Sequence[str], since: date, until: date, as_of: datetime) -> dict[str, Any]:
    """Return the first line of a file: the definitions and the values of the whole, each street and each unit."""
    indices = held(codes, since, until)
    units = {str(unit.pk): unit.name for unit in Unit.objects.all()}
    tree = areas.tree(min(until, clock.today()))
    values: list[dict[str, Any]] = []
    for one in indices:
        values += _values(one, as_of, units)
    return {
        "district": tree.root.code,
        "name": tree.root.name,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "as_of": clock.local(as_of).isoformat(timespec="seconds"),
        "fields": ["ref", "metric", "day", "street", "unit", "category", "source", "value"],
        "streets": {code: node.name for code in sorted({v["street"] for v in values if v["street"]})
                    if (node := tree.get(code)) is not None},
        "indices": [_described(one) for one in indices],
        "values": values,
    }  # fmt: skip


def _described(one: Held) -> dict[str, Any]:
    definition = one.formula.definition
    return {
        "code": one.code,
        "title": definition.title,
        "says": definition.says,
        "evidence": f"{definition.evidence} {definition.source}".strip(),
        "unit": definition.unit,
        "kind": definition.kind,
        "since": one.since.isoformat(),
        "until": one.until.isoformat(),
        "version": one.formula.number,
        "scale": 100.0 if definition.kind == "share" else float(definition.scale),
        "adjusted": definition.adjusted,
        "numerator": _numbers(one.formula.terms(definition.numerator)),
        "denominator": _numbers(one.formula.terms(definition.denominator)),
        "parts": [
            {
                "weight": float(weight),
                "numerator": _numbers(part.terms(part.definition.numerator)),
                "denominator": _numbers(part.terms(part.definition.denominator)),
            }
            for part, weight in one.formula.parts
        ],
        "left": {metric: metric + LEFT for metric in sorted(one.formula.metrics & ADJUSTED)},
    }


def _numbers(terms: Mapping[str, Decimal]) -> dict[str, float]:
    return {metric: float(weight) for metric, weight in terms.items()}


def _values(one: Held, as_of: datetime, units: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return one index for the whole, each street and each unit, from the events until ``as_of``; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [STREET, sorted(one.formula.metrics), one.since, one.until, ids.floor(as_of)])
        rows = cursor.fetchall()
    sums: dict[tuple[str, str], dict[str, int]] = {("", ""): {}}
    for metric, street, unit_id, value in rows:
        places = {("", ""), (street if len(street) == STREET else "", ""), ("", units.get(str(unit_id), ""))}
        for place in places:
            counts = sums.setdefault(place, {})
            counts[metric] = counts.get(metric, 0) + int(value)
    return [_value(one, place, counts) for place, counts in sorted(sums.items())]


def _value(one: Held, place: tuple[str, str], counts: Mapping[str, int]) -> dict[str, Any]:
    raw, adjusted = evaluate(one.formula, counts), evaluate(one.formula, counts, adjusted=True)
    return {
        "index": one.code,
        "street": place[0],
        "unit": place[1],
        "value": None if raw.value is None else str(raw.value),
        "adjusted": str(adjusted.value) if one.formula.definition.adjusted and adjusted.value is not None else None,
        "numerator": str(raw.numerator),
        "denominator": str(raw.denominator),
    }


def lines(head: Mapping[str, Any], as_of: datetime) -> Iterator[str]:
    """Yield a file line by line: the header as it was published, then every event behind it."""
    yield json.dumps(head, ensure_ascii=False) + "\n"
    asked = sorted({m for one in head["indices"] for m in _asked(one)})
    units = {str(unit.pk): unit.name for unit in Unit.objects.all()}
    table = policy.get(Categories).by_code
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [STREET, asked, head["since"], head["until"], ids.floor(as_of)])
        while rows := cursor.fetchmany(CHUNK):
            for subject, metric, day, street, unit_id, category, source, value, restricted in rows:
                known = table.get(category)
                major = "" if restricted or known is None else known.major
                where = street if len(street) == STREET else ""
                event = [
                    ref(subject),
                    metric,
                    day.isoformat(),
                    where,
                    units.get(str(unit_id), ""),
                    major,
                    source,
                    value,
                ]
                yield json.dumps(event, ensure_ascii=False) + "\n"


def _asked(index: Mapping[str, Any]) -> set[str]:
    terms = [index, *index["parts"]]
    named = {metric for one in terms for side in ("numerator", "denominator") for metric in one[side]}
    return named | set(index["left"].values())


def ref(subject: uuid.UUID | None) -> str:
    """Return a name for a matter that leads nowhere: the beginning of a hash of its random id."""
    return "" if subject is None else hashlib.sha256(b"linli-statistics:" + subject.bytes).hexdigest()[:16]
