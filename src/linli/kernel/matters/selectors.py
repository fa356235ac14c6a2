"""Reading matters: who may see which, what lies in whose inbox, what may be done now, what was done.

Matters are fetched only through :func:`access_matter` and :func:`visible`, which embed the permission: out of
scope looks the same as not there.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from linli.kernel import clock, ids
from linli.kernel.errors import NotHere
from linli.kernel.matters import clocks
from linli.kernel.matters.approvals import asking, waiting
from linli.kernel.matters.declare import PROCESSES, Action, Process, process_of
from linli.kernel.matters.engine import why_not_now
from linli.kernel.matters.models import ClockRun, Matter, TrailEntry, TrailPayload
from linli.kernel.matters.rules import EVERYTHING, NOTHING, duties_of, held_by, lying
from linli.kernel.matters.secrets import is_secret_of
from linli.kernel.posts.actors import Actor
from linli.kernel.storage.fixed import Fixed
from linli.kernel.storage.words import ending, holding

SEE_AREA = "area_reader"
"""The duty of posts that may see every matter in their areas, not only those they take part in."""

SEE_RESTRICTED = "restricted_reader"
"""The duty without which a restricted matter (a minor, violence at home) stays closed unless one takes part."""


def visible_to(actor: Actor) -> Q:
    """Return the filter of the matters that ``actor`` may see."""
    if actor.is_system:
        return EVERYTHING
    if actor.kind == "resident":
        secret = Q(pk=actor.subject_id) if actor.subject_id else NOTHING
        return secret | Q(reporter=actor.person.pk) if actor.person else secret
    if actor.kind == "link":
        return Q(pk=actor.subject_id)
    duties = duties_of(actor)
    inside = actor.covering() if SEE_AREA in duties else NOTHING
    taking_part = Q(unit_ids__contains=[actor.unit_id]) | (held_by(actor) & _its_own(actor))
    if SEE_RESTRICTED not in duties:
        inside &= Q(restricted=False)
    return (inside | taking_part) & ~_hidden(actor)


def _its_own(actor: Actor) -> Q:
    """Return the filter of what concerns this very post among all that lies where it is.

    Many posts share an area, and every department's post covers the whole district: *held where I am* would show each
    of them whatever lies there. What an area holds is seen for what it waits for, and by whoever handled it.
    """
    mine = Q(held_area=None) | Q(awaits__in=duties_of(actor))
    return mine | Q(handler_ids__contains=[actor.person_id]) if actor.person_id is not None else mine


def _is_its_own(actor: Actor, matter: Matter) -> bool:
    awaited = matter.held_area_id is None or matter.awaits in duties_of(actor)
    return awaited or actor.person_id in matter.handler_ids


def _hidden(actor: Actor) -> Q:
    ids = [i for i in (actor.unit_id, actor.post_id, actor.person_id) if i]
    return Q(hidden_from__overlap=ids) if ids else NOTHING


def sees(actor: Actor, matter: Matter) -> bool:
    """Return whether ``actor`` may see ``matter``; what :func:`visible_to` says of many, said of one."""
    if actor.is_system:
        return True
    if actor.kind == "resident":
        return actor.subject_id == matter.pk or (actor.person_id is not None and actor.person_id == matter.reporter_id)
    if actor.kind == "link":
        return actor.subject_id == matter.pk
    if {actor.unit_id, actor.post_id, actor.person_id} & set(matter.hidden_from):
        return False
    duties = duties_of(actor)
    inside = (
        SEE_AREA in duties and actor.covers(matter.area_code) and (SEE_RESTRICTED in duties or not matter.restricted)
    )
    from linli.kernel.matters.rules import holds

    if inside or actor.unit_id in matter.unit_ids:
        return True
    return holds(actor, matter) and _is_its_own(actor, matter)


def visible(actor: Actor, **conditions: Any) -> QuerySet[Matter]:
    """Return the matters that ``actor`` may see and that meet ``conditions``."""
    return Matter.objects.filter(visible_to(actor), **conditions)


def remembered(text: str) -> Q:
    """Return the filter of matters by what a person remembers: the end of the number, words of the title.

    The end is of three characters at least. One character alone has no index: the caller bounds what is looked at.
    """
    words = holding("title", text) if len(text) > 1 else Q(title__icontains=text)
    return words | ending("number", text.upper()) if len(text) > 2 and text.isascii() else words


def access_matter(actor: Actor, which: str | uuid.UUID) -> Matter:
    """Return the matter with this number or id if ``actor`` may see it. Raises :class:`NotHere`.

    A number says which process it is of, so its detail comes along; by id it is read when asked for. Joining the
    details of all processes would make the database plan a longer join with every affair that is installed. It is
    read by its key and judged here: the filter over all matters costs more to build and to plan than one row.
    """
    if isinstance(which, uuid.UUID):
        rows = _WITH_ID(which=which)
    else:
        prefix = which.split("-", 1)[0]
        rows = _with_number(tuple(details({p.kind for p in PROCESSES.values() if p.prefix == prefix})))(which=which)
    if not rows or not sees(actor, rows[0]):
        raise NotHere
    matter: Matter = rows[0]
    return matter


def access_to_act(actor: Actor, number: str) -> Matter:
    """Return the row of the matter with this number for somebody who acts on it at once. Raises :class:`NotHere`.

    Nothing comes along with it: ``perform`` locks what it needs and reads it then.
    """
    rows = _ALONE(which=number)
    if not rows or not sees(actor, rows[0]):
        raise NotHere
    matter: Matter = rows[0]
    return matter


_ALONE = Fixed(lambda which: Matter.objects.filter(number=which), which=str)


def _named(*named: str) -> QuerySet[Matter]:
    return Matter.objects.select_related("area", "held_unit", "held_area", "held_post__unit", *named)


_WITH_ID = Fixed(lambda which: _named().filter(pk=which), which=uuid.UUID)


@cache
def _with_number(named: tuple[str, ...]) -> Fixed:
    return Fixed(lambda which: _named(*named).filter(number=which), which=str)


def access_by_secret(number: str, secret: str) -> Matter:
    """Return the matter whose tracking link carries ``number`` and ``secret``. Raises :class:`NotHere`."""
    row = Matter.objects.filter(number=number).first()
    if row is None or not is_secret_of(row.pk, secret):
        raise NotHere
    return row


def details(kinds: Collection[str] | None = None) -> list[str]:
    """Return the accessors of the processes' details (of ``kinds``, or all), for ``select_related``."""
    every = [p for p in PROCESSES.values() if p.detail is not None]
    return [_accessor(p) for p in every if kinds is None or p.kind in kinds]


def _accessor(process: Process) -> str:
    return process.detail_accessor or ""


def detail_of(matter: Matter) -> Any:
    """Return the matter's detail row, or ``None`` when its process has none."""
    process = process_of(matter.kind)
    return getattr(matter, _accessor(process)) if process.detail else None


def inbox(actor: Actor, duties: Iterable[str] | None = None) -> QuerySet[Matter]:
    """Return the open matters that wait for ``actor``'s post, soonest due first (NULLs last).

    ``duties`` narrows to some of the post's duties, as a queue page does.
    """
    wanted = duties_of(actor) if duties is None else duties_of(actor) & set(duties)
    return (
        Matter.objects.filter(Q(is_open=True, awaits__in=wanted) & held_by(actor) & ~_hidden(actor))
        .select_related("area", "held_unit")
        .order_by("due_at", "pk")
    )


def soonest(actor: Actor, first: int, last: int, *, step: tuple[str, str] | None = None) -> list[uuid.UUID]:
    """Return the keys of the matters of an inbox from place ``first`` up to ``last``, soonest due first.

    As :func:`inbox` orders them, of one ``step`` (kind, expected action) or all; read from indexes alone, in one
    statement: in one condition with two *or* the planner may look through everything that is open.
    """
    if actor.post is None:
        return []
    waiting = Q(is_open=True, awaits__any_of=sorted(duties_of(actor))) & ~_hidden(actor)
    if step is not None:
        waiting &= Q(kind=step[0], expected=step[1])
    parts = [
        Matter.objects.filter(waiting & held).order_by().values_list("due_at", "pk")
        for held in lying(actor.post.pk, actor.post.unit_id, list(actor.area_ids))
    ]
    rows = parts[0].union(*parts[1:], all=True).order_by("due_at", "pk")
    return [pk for _due, pk in rows[first:last]]


def counted_inbox(
    post: uuid.UUID, unit: uuid.UUID, person: uuid.UUID, areas: list[uuid.UUID], duties: list[str]
) -> list[QuerySet[Matter, Any]]:
    """Return how many matters wait for a post as rows of (kind, expected step, count), in three queries to be united.

    What :func:`inbox` finds, for a statement that is kept ready (``Fixed``): on every page of the desk it is asked.
    """
    waiting = Q(is_open=True, awaits__any_of=duties) & ~Q(hidden_from__overlap=[unit, post, person])
    return [
        Matter.objects.filter(waiting & held).order_by().values_list("kind", "expected").annotate(n=Count("*"))
        for held in lying(post, unit, areas)
    ]


@dataclass(frozen=True)
class Offer:
    """An action as a page shows it: may be done now, or why not."""

    action: Action
    reason: str | None = None

    @property
    def now(self) -> bool:
        """Whether it can be done at this moment."""
        return self.reason is None


def offers(actor: Actor, matter: Matter, *, asked: Collection[str] = ()) -> list[Offer]:
    """Return what ``actor`` may do on ``matter``: first the expected step, then the others, with reasons if not now.

    What this actor may never do here is absent. What may be done in another stage is left out too: only the
    present stage's actions and their guards are of use to somebody reading the page. ``asked`` names the actions
    that wait for an approval already, where the caller knows it.
    """
    process = process_of(matter.kind)
    found: list[Offer] = []
    for action in process.from_stage(matter.stage):
        if action.by is None or action.is_opening or not actor.may_write or not action.by.allows(actor, matter):
            continue
        reason = waiting(action) if action.name in asked else why_not_now(process, action, matter)
        found.append(Offer(action, reason))
    return sorted(found, key=lambda o: (not o.action.expected, not o.now, o.action.secondary))


@dataclass(frozen=True)
class Step:
    """One line of the timeline: the entry, what it said (if still kept), and the words for it."""

    entry: TrailEntry
    payload: dict[str, Any] | None
    title: str
    who: str


def _entries(matter: uuid.UUID) -> QuerySet[TrailEntry]:
    from linli.kernel.posts.models import Post, Unit

    post = Post.objects.filter(pk=OuterRef("post_id"))
    unit = Unit.objects.filter(pk=OuterRef("unit_id"))
    return (
        TrailEntry.objects.filter(matter_id=matter)
        .annotate(
            said=Subquery(TrailPayload.objects.filter(entry_id=OuterRef("pk")).values("payload")),
            by_post=Subquery(post.values(who=JSONObject(title="title", short="unit__short_name", name="unit__name"))),
            by_unit=Subquery(unit.values(who=JSONObject(short="short_name", name="name"))),
        )
        .order_by("seq")
    )


# Part of nearly every page about a matter; three subqueries by key cost the database less than three more questions.
_TRAIL = Fixed(_entries, matter=uuid.UUID)


def timeline(matter: Matter) -> list[Step]:
    """Return the matter's trail, oldest first, with posts and units by name; one statement whatever its length."""
    process = process_of(matter.kind)
    return [Step(e, e.said, _title(process, e.action), _who(e)) for e in _TRAIL(matter=matter.pk)]


def _title(process: Process, name: str) -> str:
    from django.utils.translation import gettext as _

    if name == "calendar_changed":
        return _("工作日历调整，期限重算")
    if name == "unit_merged":
        return _("单位合并，由承接单位继续办")
    if name == "payload_erased":
        return _("内容按保存期限删除")
    base, _dot, asked = name.partition(".")
    title = str(process.action(base).title) if process.has(base) else base
    return asking(title) if asked else title


def _who(entry: Any) -> str:
    from django.utils.translation import gettext as _

    if post := entry.by_post:
        return f"{post['short'] or post['name']}·{post['title']}"
    if unit := entry.by_unit:
        return str(unit["short"] or unit["name"])
    return {"resident": _("居民"), "system": _("系统")}.get(entry.actor_kind, "")


def done_by_post(actor: Actor, *, since: datetime) -> set[tuple[str, str]]:
    """Return kind and action of everything that the actor's post did since; what was asked for counts as done."""
    rows = TrailEntry.objects.filter(pk__gte=ids.floor(since), post_id=actor.post_id).values_list("matter_id", "action")
    did = list(rows) if actor.post_id else []
    kinds = dict(Matter.objects.filter(pk__in={matter for matter, _action in did}).values_list("pk", "kind"))
    return {(kinds[matter], action.partition(".")[0]) for matter, action in did if matter in kinds}


@dataclass(frozen=True)
class ClockView:
    """A clock as a page shows it."""

    key: str
    title: str
    resident: bool
    state: str
    started_at: datetime
    due_at: datetime
    original_due_at: datetime
    stopped_at: datetime | None
    pause_reason: str
    percent: int
    overdue: bool


def clocks_of(matter: Matter) -> list[ClockView]:
    """Return the matter's clocks, running first; one statement."""
    process = process_of(matter.kind)
    now = clock.now()
    views = []
    for run in ClockRun.objects.filter(matter=matter).order_by("started_at"):
        end = run.stopped_at or now
        title = str(process.clocks[run.clock].title) if run.clock in process.clocks else run.clock
        views.append(
            ClockView(
                run.clock, title, run.resident, run.state, run.started_at, run.due_at, run.original_due_at,
                run.stopped_at, run.pause_reason, clocks.percent_used(run, now),
                run.state != ClockRun.State.PAUSED and end > run.due_at,
            )
        )  # fmt: skip
    return sorted(views, key=lambda v: v.state == ClockRun.State.STOPPED)


@dataclass(frozen=True)
class Link:
    """A stage of the ribbon: done, now or to come, and when it was reached."""

    key: str
    title: str
    state: str
    at: datetime | None


def ribbon(matter: Matter, steps: list[Step]) -> list[Link]:
    """Return the links of the process in the order declared, as done, now or to come; side endings only if taken."""
    process = process_of(matter.kind)
    reached: dict[str, datetime] = {}
    for step in steps:
        reached[step.entry.to_stage] = step.entry.at
    order = list(process.stages.values())
    position = next((i for i, s in enumerate(order) if s.key == matter.stage), 0)
    links = []
    for index, stage in enumerate(order):
        if stage.closed and stage.key != matter.stage and stage.key not in reached and index != len(order) - 1:
            continue
        state = "now" if stage.key == matter.stage else "done" if stage.key in reached and index < position else "next"
        links.append(Link(stage.key, str(stage.title), state, reached.get(stage.key)))
    return links
