"""What a figure can speak of: the days with data, changed areas and merged units, and the names of what is split."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.affairs.cases.policy import Categories, Sources
from linli.affairs.statistics.computing import stretches
from linli.affairs.statistics.policy import Networks, Rules
from linli.kernel import areas, clock, policy, tallies
from linli.kernel.posts.models import Unit

DAY = timedelta(days=1)
FIRST = ("case.came", "whistle.opened", "supervision.opened")


@dataclass(frozen=True)
class Span:
    """The days that a question can be answered for, cut where a definition changes; ``empty`` without any data."""

    since: date
    until: date
    stretches: tuple[tuple[date, date], ...]
    first: date | None = None
    empty: bool = False


def covered(since: date, until: date) -> Span:
    """Return the part of a period that is not still to come, and from which day on there are data."""
    last = min(until, clock.today())
    first = begins()
    if last < since:
        return Span(since, until, ((since, until),), first, empty=True)
    return Span(since, last, tuple(stretches(since, last)), first, empty=first is None or last < first)


def begins() -> date | None:
    """Return the first day of which anything was counted; before it there is no data."""
    return tallies.first_day(FIRST)


def notes(span: Span, until: date, area: str, unit_id: uuid.UUID | None) -> tuple[str, ...]:
    """Return what must be said of a period, an area and a unit with their figures."""
    if span.empty:
        return (_("这段时间没有数据"),)
    said: list[str] = []
    if span.first is not None and span.since < span.first:
        said.append(_("本平台自 %(day)s 起有数据，本数不含此前") % {"day": span.first.isoformat()})
    if span.until < until:
        said.append(_("截至 %(day)s") % {"day": span.until.isoformat()})
    if area:
        said += notes_of("area", span.since, span.until)(area)
    if unit_id is not None:
        said += notes_of("unit", span.since, span.until)(str(unit_id))
    return tuple(said)


def notes_of(by: str, since: date, until: date) -> Callable[[str], tuple[str, ...]]:
    """Return what says of a key what must be said: an area that changed, a unit that was merged within the period.

    One statement for units, none for the others.
    """
    if by == "area":
        return lambda key: _area_notes(key, since, until) if key else ()
    if by != "unit":
        return lambda _key: ()
    found = _mergers(since, until)
    return lambda key: _unit_notes(key, found) if key else ()


def _area_notes(code: str, since: date, until: date) -> tuple[str, ...]:
    try:
        before, after = areas.tree(since).get(code), areas.tree(until).get(code)
    except areas.NoTree:
        return ()
    if before is None and after is not None:
        return (
            _("%(area)s自 %(day)s 起设立，本数不含此前") % {"area": after.name, "day": after.valid_from.isoformat()},
        )
    if before is not None and after is None:
        return (_("%(area)s在期内撤并，本数只含撤并以前") % {"area": before.name},)
    if before is not None and after is not None and before.id != after.id:
        return (_("%(area)s在期内重新划分，本数按当时的区划计") % {"area": after.name},)
    return ()


@dataclass(frozen=True)
class _Merger:
    """A unit that went into another: ids as text, names, day."""

    unit: str
    into: str
    unit_name: str
    into_name: str
    on: date


def _mergers(since: date, until: date) -> list[_Merger]:
    """Return the mergers after the first day of a period: those on record, and those from before the system."""
    written = [one for one in policy.get(Rules).mergers if since < one.on <= until]
    codes = {code for one in written for code in (one.unit, one.into)}
    days = Q(merged_on__gt=since, merged_on__lte=until)
    rows = list(Unit.objects.filter(days | Q(code__in=codes)).select_related("merged_into"))
    found = [
        _Merger(str(unit.pk), str(unit.merged_into.pk), unit.name, unit.merged_into.name, unit.merged_on)
        for unit in rows
        if unit.merged_into is not None and unit.merged_on is not None and since < unit.merged_on <= until
    ]
    known, by_code = {one.unit for one in found}, {unit.code: unit for unit in rows}
    for one in written:
        unit, into = by_code.get(one.unit), by_code.get(one.into)
        if unit is not None and into is not None and str(unit.pk) not in known:
            found.append(_Merger(str(unit.pk), str(into.pk), unit.name, into.name, one.on))
    return sorted(found, key=lambda one: (one.on, one.unit_name))


def _unit_notes(key: str, mergers: Sequence[_Merger]) -> tuple[str, ...]:
    said = []
    for one in mergers:
        words = {"unit": one.unit_name, "into": one.into_name, "day": one.on.isoformat()}
        if one.unit == key:
            said.append(_("%(unit)s于 %(day)s 并入%(into)s，本数只含并入以前") % words)
        elif one.into == key:
            said.append(_("%(unit)s于 %(day)s 并入，其此前的数另列在原单位名下") % words)
    return tuple(said)


def labels(by: str, keys: Sequence[str], on: date) -> Callable[[str], str]:
    """Return what names a key of a split for a reader; one statement for units, none for the others."""
    if by == "unit":
        named = {str(u.pk): u.name for u in Unit.objects.filter(pk__in=[key for key in keys if key])}
        return lambda key: named.get(key, _("没有记到单位"))
    if by == "area":
        return lambda key: _area_name(key, on)
    if by == "category":
        table = policy.get(Categories).by_code
        return lambda key: table[key].name if key in table else _("还没分类")
    if by == "source":
        sources = {one.code: one.name for one in policy.get(Sources).sources}
        return lambda key: sources.get(key, _("没有写来源"))
    networks = policy.get(Networks).by_code
    return lambda key: networks[key].title if key in networks else key


def _area_name(code: str, on: date) -> str:
    for day in (min(on, clock.today()), clock.today()):
        try:
            node = areas.tree(day).get(code)
        except areas.NoTree:
            continue
        if node is not None:
            return areas.tree(day).label(node)
    return _("%(code)s（已撤并）") % {"code": code}
