"""What a case counts for, read from its rows alone: the definitions behind every figure of cases.

A *fact* is one unit of one metric, on the day it belongs to. The figures are kept as deltas of facts
(:mod:`linli.affairs.cases.services.counting`); ``linli doctor --verify`` reads the facts of all cases again and
compares. Per case, whoever reported it (a duplicate's reporter counts like any other, C57):

- ``came`` on the day the case was opened, and of those: ``came.open`` or ``came.closed`` now, ``came.overdue`` when
  a clock of the case or of a unit's task in it ever ran out, ``came.reopened``, ``came.duplicate`` while it follows
  another as the same thing.
- ``response.due`` on the day of dispatch, for every case that somebody waits for (its resident's clock was
  started); ``response.met`` when the lead unit signed within its limit and, where there is a reporter to contact,
  contacted them within its limit (R27). The first lead task that was neither returned nor recalled decides. A
  case that follows another, or a whistle, shares the other's response until it is dispatched itself; the lead unit
  of a whistle contacts the street that blew it.
- ``verdict.<outcome>`` on the day of the latest effective verdict; ``verdict.not_confirmed`` when nobody was ever
  reached. A verdict after a reopening replaces the former on the former's day; one that reached nobody replaces none.
- ``rated.<satisfied>`` on the same day, for the answers to *are you satisfied*.
- ``came.filed`` on the day the case was opened, once it was filed (立案).
- ``due`` (应结案) on the day on which the latest standing lead task is due: its limit as extended, so a later date
  moves it. Of those ``due.closed`` (结案: verified, and not disputed since), ``due.on_time`` (and every standing lead
  task answered within its limit), ``due.deferred`` (缓办: the task is on account, 挂账, at present). ``urgent.…`` the
  same again for a category that policy calls urgent (R47).
- ``dispatched`` on the day of the first standing lead task, under its unit; of those ``.signed`` (within the limit,
  by somebody), ``.signed_24h``, ``.handled``, ``.handled_7d`` (R27), ``.extended``, ``.suspended`` (at present), and
  ``.hops``: to how many units it went (流转次数), a count that is added up.
- ``concluded`` on the day the case was closed, ``concluded.reworked`` when it had been sent back at verification.

What leaves the adjusted figures is counted once more under ``….left``: everything of a case with an approved
exclusion, and verdict and rating of one that ended *explained*, which stays in the raw figures as not solved.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import groupby
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject

from linli.affairs.cases.models import Case, Counted, Exclusion, Task, Verdict
from linli.affairs.cases.policy import Categories
from linli.kernel import clock, policy
from linli.kernel.matters.models import ClockRun, Relation
from linli.kernel.storage.fixed import Fixed

OUTCOMES = ("solved", "partly", "not_solved", "explained", "not_confirmed")
EFFECTIVE = OUTCOMES[:-1]
RATINGS = ("satisfied", "basically", "unsatisfied")
LEFT = ".left"
BASE = (
    "came", "came.open", "came.closed", "came.overdue", "came.reopened", "came.duplicate",
    "response.due", "response.met", "came.filed",
    "due", "due.closed", "due.on_time", "due.deferred",
    "urgent.due", "urgent.due.closed", "urgent.due.on_time", "urgent.due.deferred",
    "dispatched", "dispatched.signed", "dispatched.signed_24h", "dispatched.handled", "dispatched.handled_7d",
    "dispatched.extended", "dispatched.suspended", "dispatched.hops",
    "concluded", "concluded.reworked",
)  # fmt: skip
PREFIX = "case."
METRICS = tuple(
    PREFIX + name + left
    for left in ("", LEFT)
    for name in (*BASE, *(f"verdict.{o}" for o in OUTCOMES), *(f"rated.{r}" for r in RATINGS))
)
"""Every metric that facts can have; some combinations with ``.left`` never occur."""

_leads: list[Q] = [Q(matter__task__role=Task.Role.LEAD)]
_gone: set[str] = {"returned", "recalled"}


def answered_by(lead: Q, *gone: str) -> None:
    """Let the shares that ``lead`` finds, over :class:`ClockRun`, answer for what cases follow as lead tasks do.

    ``gone`` are the stages of such a share that answers for nothing. Whistles register their lead units' shares here.
    """
    _leads.append(lead)
    _gone.update(gone)


BATCH = 1000
WEEK = timedelta(days=7)

CONCLUDED = ("verified", "evaluated")
"""The stages in which a case counts as 结案: somebody who did not handle it has seen it done."""

Facts = dict[str, list[Any]]
"""``{metric: [day, unit, category, source]}`` as :class:`~linli.affairs.cases.models.Counted` keeps it; a fifth
entry says how many, where that is not 1."""


@dataclass(frozen=True)
class Share:
    """A standing lead task of a case: neither returned nor recalled. ``runs`` are its clocks by name."""

    at: datetime
    unit: str
    stage: str
    extended: bool
    runs: dict[str, dict[str, Any]]

    @property
    def met(self) -> bool:
        """Whether the unit signed, and contacted who waits, within the limits (R27)."""
        return all(_in_time(run) for name, run in self.runs.items() if name != "handle")

    def within(self, name: str, span: timedelta) -> bool:
        """Return whether a clock was stopped, in time, within ``span`` of the dispatch."""
        run = self.runs.get(name)
        return run is not None and bool(run["stopped_at"]) and run["stopped_at"] - self.at <= span

    def in_time(self, name: str) -> bool:
        """Return whether a clock was stopped before it ran out."""
        run = self.runs.get(name)
        return run is not None and _in_time(run)


def _in_time(run: dict[str, Any]) -> bool:
    return bool(run["stopped_at"] and not run["overdue_at"] and run["stopped_at"] <= run["due_at"])


def amount_of(where: Sequence[Any]) -> int:
    """Return how many a fact counts."""
    return int(where[4]) if len(where) > 4 else 1


def of(ids: Collection[uuid.UUID]) -> Iterator[tuple[uuid.UUID, str, Facts]]:
    """Yield (case, opening area code, facts) of these cases, in one statement, two where one follows another."""
    rows = [_read(row) for row in (_ROW(case=next(iter(ids))) if len(ids) == 1 else _rows(ids))]
    shares = _shares({pk for row in rows for pk in (row["main"], row["above"]) if pk})
    for row in rows:
        yield row["pk"], row["matter__opening_area_code"], _facts(row, shares)


def of_all() -> Iterator[tuple[uuid.UUID, str, Facts]]:
    """Yield the facts of every case, in batches by id."""
    last = uuid.UUID(int=0)
    while ids := list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield from of(ids)
        last = ids[-1]


GOES_ALONG = (Relation.Kind.DUPLICATE.value, Relation.Kind.CAUSE.value)
_FOLLOWERS = """
WITH RECURSIVE following (id, step) AS (
  SELECT %s::uuid, 0
  UNION
  SELECT r.child_id, f.step + 1 FROM following f
  JOIN matters_relation r ON r.parent_id = f.id AND r.undone_at IS NULL AND r.kind = ANY(%s)
  WHERE f.step < 2
)
SELECT id FROM following
"""
_FOLLOWING = f"cases_counted.case_id = ANY(ARRAY({_FOLLOWERS}))"


def followers_of(case_id: uuid.UUID) -> RawSQL:
    """Return the condition, over :class:`Counted`, of a case (or a whistle) and those that follow it, two steps deep.

    An array of keys: over *this one or one of those*, and often over a set, the database would read every case.
    """
    return RawSQL(_FOLLOWING, [case_id, list(GOES_ALONG)], output_field=BooleanField())  # noqa: S611 - values bound


def _merges(**conditions: Any) -> QuerySet[Relation]:
    """Return the live relations by which a case goes along with another matter."""
    return Relation.objects.filter(undone_at=None, kind__in=GOES_ALONG, **conditions)


def _rows(ids: Collection[uuid.UUID]) -> Any:
    """Return what the facts need of each case, as plain dictionaries; one statement."""
    merges = _merges(child=OuterRef("pk"))
    above = _merges(child=OuterRef("parent")).values("parent")[:1]
    verdicts = Verdict.objects.filter(case=OuterRef("pk")).order_by("-at", "-pk")
    own = ClockRun.objects.filter(matter=OuterRef("pk"))
    # Approvals hang under the case, too; a late decision is the approver's, not the case's. Asked apart: of runs of
    # *this or of that* the database would read them all.
    tasks = ClockRun.objects.filter(matter__parent=OuterRef("pk"), matter__kind="task").order_by("matter", "pk")
    return (
        Case.objects.filter(pk__in=ids)
        .annotate(
            follows=ArraySubquery(merges.values(found=JSONObject(main="parent", kind="kind", above=Subquery(above)))),
            excluded=Exists(Exclusion.objects.filter(case=OuterRef("pk"))),
            calls=ArraySubquery(verdicts.values(found=JSONObject(at="at", said="outcome", satisfied="satisfied"))),
            unit=F("lead_unit_id"),
            own=ArraySubquery(own.values(found=JSONObject(clock="clock", resident="resident", ran_out="overdue_at"))),
            runs=ArraySubquery(tasks.values(found=JSONObject(role="matter__task__role", **_RUN))),
        )
        .values(
            "pk", "matter__opening_area_code", "matter__opened_at", "matter__closed_at", "matter__is_open",
            "matter__stage", "matter__category", "matter__source", "matter__reworks", "matter__pins", "reopened",
            "hops", "follows", "excluded", "calls", "unit", "own", "runs",
        )
    )  # fmt: skip


def _read(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with what its lists say: whom it follows, what was said of it last, which clocks ran and ran out."""
    merge = next(iter(row["follows"]), {"main": None, "above": None, "kind": None})
    said = next((v for v in row["calls"] if v["said"] in EFFECTIVE), {"at": None, "said": None, "satisfied": None})
    tried = next(iter(row["calls"]), {"at": None})
    lead = [r for r in row["runs"] if r["role"] == Task.Role.LEAD and r["clock"] in TIMED and r["stage"] not in _gone]
    return row | {
        "main": uuid.UUID(merge["main"]) if merge["main"] else None,
        "above": uuid.UUID(merge["above"]) if merge["above"] else None,
        "merge": merge["kind"],
        "said": said["said"],
        "said_at": _moment(said["at"]),
        "satisfaction": said["satisfied"],
        "tried_at": _moment(tried["at"]),
        "filed": any(run["clock"] == "dispatch" for run in row["own"]),
        "waits": any(run["resident"] for run in row["own"]),
        "late": any(run["ran_out"] for run in row["own"]) or any(run["overdue_at"] for run in row["runs"]),
        "runs": lead,
    }


TIMED = ("sign", "contact", "handle")
"""The clocks by which a unit answers."""

_RUN = {
    "task": "matter_id", "at": "matter__opened_at", "stage": "matter__stage", "unit": "matter__held_unit_id",
    "extended": "matter__task__extended", "clock": "clock", "stopped_at": "stopped_at", "due_at": "due_at",
    "overdue_at": "overdue_at",
}  # fmt: skip
"""What is read of a clock of a unit's share, and from where."""


def _standing(*conditions: Q, **more: Any) -> QuerySet[ClockRun]:
    """Return the clocks by which units answer, of shares that were neither returned nor recalled."""
    timed = ClockRun.objects.filter(*conditions, clock__in=TIMED, **more)
    return timed.exclude(matter__stage__in=_gone)


def _shares(cases: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Share]]:
    """Return the standing lead shares of what cases follow, the first first; one statement."""
    if not cases:
        return {}
    runs = _standing(reduce(or_, _leads), matter__parent__in=cases).order_by("matter__parent", "matter", "pk")
    rows = runs.values_list("matter__parent", JSONObject(**_RUN))
    return {case: _grouped([run for _case, run in group]) for case, group in groupby(rows, key=lambda row: row[0])}


def _grouped(runs: Iterable[dict[str, Any]]) -> list[Share]:
    """Return the shares that these clocks belong to, given share by share."""
    found: list[Share] = []
    for _task, group in groupby(runs, key=lambda run: run["task"]):
        clocks = [
            run | {name: _moment(run[name]) for name in ("at", "stopped_at", "due_at", "overdue_at")} for run in group
        ]
        first = clocks[0]
        found.append(
            Share(
                at=first["at"], unit=str(first["unit"]), stage=first["stage"], extended=bool(first["extended"]),
                runs={run["clock"]: run for run in clocks},
            )
        )  # fmt: skip
    return found


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


# One case is counted anew in nearly every action; the ORM would spend more on this query than the database.
_ROW = Fixed(lambda case: _rows([case]), case=uuid.UUID)


class _Facts:
    """Collects the facts of one case; every one under the case's category and source."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.row, self.facts = row, Facts()
        self.unit = str(row["unit"] or "")

    def add(self, name: str, at: datetime, *, leaves: bool = False, by: str | None = None, times: int = 1) -> None:
        """Count ``name`` on the day of ``at``; once more under ``….left`` when it leaves the adjusted figures."""
        unit = self.unit if by is None else by
        where = [clock.local(at).date().isoformat(), unit, self.row["matter__category"], self.row["matter__source"]]
        if times != 1:
            where.append(times)
        self.facts[PREFIX + name] = where
        if leaves:
            self.facts[PREFIX + name + LEFT] = where

    def add_those(self, at: datetime, by: str | None, held: dict[str, bool]) -> None:
        """Count each name that holds."""
        for name, holds in held.items():
            if holds:
                self.add(name, at, by=by)


def _facts(row: dict[str, Any], shares: dict[uuid.UUID, list[Share]]) -> Facts:
    found = _Facts(row)
    own = _grouped(row["runs"])
    _add_came(found, row)
    _add_response(found, row, own or shares.get(row["main"]) or shares.get(row["above"], []))
    _add_verdict(found, row)
    if own:
        _add_due(found, row, own)
        _add_dispatched(found, row, own)
    return found.facts


def _add_came(found: _Facts, row: dict[str, Any]) -> None:
    found.add_those(
        row["matter__opened_at"],
        None,
        {
            "came": True,
            "came.open": row["matter__is_open"],
            "came.closed": not row["matter__is_open"],
            "came.overdue": row["late"],
            "came.reopened": row["reopened"] > 0,
            "came.duplicate": row["merge"] == Relation.Kind.DUPLICATE,
            "came.filed": row["filed"],
        },
    )
    closed = row["matter__closed_at"]
    if closed:
        found.add_those(closed, None, {"concluded": True, "concluded.reworked": row["matter__reworks"] > 0})


def _add_response(found: _Facts, row: dict[str, Any], shares: list[Share]) -> None:
    if not shares or not row["waits"]:
        return
    share = shares[0]
    found.add("response.due", share.at, leaves=row["excluded"], by=share.unit)
    if share.met:
        found.add("response.met", share.at, leaves=row["excluded"], by=share.unit)


def _add_verdict(found: _Facts, row: dict[str, Any]) -> None:
    excluded = row["excluded"]
    if row["said"]:
        leaves = excluded or row["said"] == "explained"
        found.add(f"verdict.{row['said']}", row["said_at"], leaves=leaves)
        if row["satisfaction"] in RATINGS:
            found.add(f"rated.{row['satisfaction']}", row["said_at"], leaves=leaves)
    elif row["tried_at"]:
        found.add("verdict.not_confirmed", row["tried_at"], leaves=excluded)


def _add_due(found: _Facts, row: dict[str, Any], own: list[Share]) -> None:
    """Count what is due by the latest lead task that has a limit."""
    timed = [share for share in own if "handle" in share.runs]
    if not timed:
        return
    last = timed[-1]
    closed = row["matter__stage"] in CONCLUDED
    held = {
        "due": True,
        "due.closed": closed,
        "due.on_time": closed and all(share.in_time("handle") for share in timed),
        "due.deferred": not closed and last.stage == "suspended",
    }
    category = policy.pinned(row["matter__pins"], Categories).by_code.get(row["matter__category"])
    if category is not None and category.priority == "urgent":
        held |= {f"urgent.{name}": holds for name, holds in held.items()}
    found.add_those(last.runs["handle"]["due_at"], last.unit, held)


def _add_dispatched(found: _Facts, row: dict[str, Any], own: list[Share]) -> None:
    first, last = own[0], own[-1]
    handled = last.stage == "answered_back"
    found.add_those(
        first.at,
        first.unit,
        {
            "dispatched": True,
            "dispatched.signed": first.in_time("sign"),
            "dispatched.signed_24h": first.in_time("sign") and first.within("sign", timedelta(hours=24)),
            "dispatched.handled": handled,
            "dispatched.handled_7d": handled and last.within("handle", first.at + WEEK - last.at),
            "dispatched.extended": any(share.extended for share in own),
            "dispatched.suspended": last.stage == "suspended",
        },
    )
    if row["hops"]:
        found.add("dispatched.hops", first.at, by=first.unit, times=row["hops"])


__all__ = ["METRICS", "OUTCOMES", "RATINGS", "Counted", "Facts", "amount_of", "followers_of", "of", "of_all"]
