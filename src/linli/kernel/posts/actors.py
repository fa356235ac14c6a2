"""Who acts: a post through a person, a resident, a one-time link, or the system itself.

An actor says who and where. What it may do is policy's to say (duties of its post's kind), not decided here.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Protocol, cast
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from linli.kernel import areas, clock
from linli.kernel.errors import NotHere, UserError
from linli.kernel.people.models import Person
from linli.kernel.posts import kinds
from linli.kernel.posts.models import DutyShift, Holding, Leave, Post, PostArea, Unit
from linli.kernel.storage.fixed import Fixed

if TYPE_CHECKING:
    from linli.kernel.posts.models import TaskLink


class ActorKind(enum.StrEnum):
    """The four that can act."""

    POST = "post"
    RESIDENT = "resident"
    LINK = "link"
    SYSTEM = "system"


class Part(enum.StrEnum):
    """As what somebody acts through a post: its A or B holder, on duty, or a token."""

    A = "A"
    B = "B"
    DUTY = "duty"
    TOKEN = "token"  # noqa: S105 - the name of a part, not a secret
    NONE = ""


class Reached(Protocol):
    """A row annotated by :func:`reach`."""

    covered: list[UUID]


class NotYours(UserError):
    """This person does not, or does not now, act through that post."""

    code = "not_your_post"
    status = 403


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, through which post, over which areas.

    ``area_ids`` are the areas named in the post's coverage, not their parts; ``area_codes`` are their codes
    today without those that lie inside another, so "in my areas" is a prefix search over few prefixes.
    """

    kind: ActorKind
    post: Post | None = None
    unit: Unit | None = None
    person: Person | None = None
    area_ids: frozenset[UUID] = frozenset()
    area_codes: tuple[str, ...] = ()
    part: Part = Part.NONE
    link: TaskLink | None = None
    secret_for: UUID | None = None
    may_write: bool = True

    @property
    def post_id(self) -> UUID | None:
        """The post's id, for columns."""
        return self.post.id if self.post else None

    @property
    def unit_id(self) -> UUID | None:
        """The unit's id, for columns."""
        return self.unit.id if self.unit else None

    @property
    def person_id(self) -> UUID | None:
        """The person's id, for columns; the trail never holds it."""
        return self.person.id if self.person else None

    @property
    def subject_id(self) -> UUID | None:
        """The one subject that a one-time link or a secret link opens."""
        return self.link.subject_id if self.link else self.secret_for

    @property
    def is_post(self) -> bool:
        """Whether a post acts (by a person or by a token)."""
        return self.kind is ActorKind.POST

    @property
    def is_system(self) -> bool:
        """Whether the system acts by itself."""
        return self.kind is ActorKind.SYSTEM

    @property
    def label(self) -> str:
        """How a trail names this actor: unit and post, never a person."""
        if self.kind is ActorKind.SYSTEM:
            return _("系统")
        if self.kind is ActorKind.RESIDENT:
            return _("居民")
        unit = (self.unit.short_name or self.unit.name) if self.unit else ""
        if self.kind is ActorKind.LINK:
            return _("%(unit)s（一次性链接）") % {"unit": unit}
        title = self.post.title if self.post else ""
        notes = {Part.B: _("（B岗）"), Part.DUTY: _("（值班）"), Part.TOKEN: _("（接口）")}
        return f"{unit}·{title}{notes.get(self.part, '')}"

    def covers(self, code: str) -> bool:
        """Return whether the area with ``code`` lies in this actor's areas."""
        return code.startswith(self.area_codes) if self.area_codes else False

    def covering(self) -> Q:
        """Return the filter that corresponds to :meth:`covers`, of rows with an ``area_code``."""
        return lying_in(self.area_codes)


def lying_in(codes: Iterable[str]) -> Q:
    """Return the filter of rows whose ``area_code`` lies in one of ``codes``; no row for no code."""
    found = Q(pk__in=[])
    for code in codes:
        found |= Q(area_code__startswith=code)
    return found


def outermost(codes: set[str]) -> tuple[str, ...]:
    """Return ``codes`` sorted, without those that lie inside another one."""
    kept: list[str] = []
    for code in sorted(codes):
        if not kept or not code.startswith(kept[-1]):
            kept.append(code)
    return tuple(kept)


def open_at(moment: datetime, prefix: str = "") -> Q:
    """Return the condition that a holding (reached through ``prefix``) is open at ``moment``."""
    return Q(**{f"{prefix}valid_from__lte": moment}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": moment})
    )


def away(moment: datetime, person: str) -> Exists:
    """Return the condition that the person named by the outer field ``person`` is on leave at ``moment``."""
    return Exists(Leave.objects.filter(person=OuterRef(person), starts_at__lte=moment, ends_at__gt=moment))


def reach(day: date, post: str = "post") -> dict[str, ArraySubquery]:
    """Return the annotation ``covered``: the ids of the areas named in the outer post's coverage on that day."""
    named = PostArea.objects.filter(
        Q(post=OuterRef(post)) & Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    )
    return {"covered": ArraySubquery(named.values("area"))}


def areas_of(row: Reached, unit: Unit, day: date) -> tuple[frozenset[UUID], tuple[str, ...]]:
    """Return ids and outermost codes on that day of what :func:`reach` gave: a post without areas has its unit's."""
    tree = areas.tree(day)
    named = [node for area in row.covered if (node := tree.find_id(area))]
    home = None if named else tree.find_id(unit.area_id)
    chosen = [home] if home else named
    return frozenset(node.id for node in chosen), outermost({node.code for node in chosen})


def actor_for(person: Person | UUID, post: Post | UUID, *, at: datetime | None = None) -> Actor:
    """Return the actor that ``person`` is through ``post`` now (or ``at``), in at most two statements.

    The A holder acts unless on leave with a B holder there; the B holder acts while A is away or the A part
    is vacant; whoever is rostered on a shift of the post acts during the shift. Raises :class:`NotYours`
    with what to do otherwise, :class:`NotHere` when the person has nothing to do with the post.
    """
    moment = at or clock.now()
    person_id = person.id if isinstance(person, Person) else person
    post_id = post.id if isinstance(post, Post) else post
    day = clock.local(moment).date()
    refusal: UserError = NotHere()
    parts = _PARTS(post=post_id, moment=moment, day=day)
    own = next((part for part in parts if part.person_id == person_id), None)
    if own is not None:
        other_present = any(part.part != own.part and not part.away for part in parts)
        blocked = _refusal(own.part, away=own.away, other_present=other_present)
        if blocked is None:
            return _post_actor(own.post, own.person, Part(own.part), cast("Reached", own), day)
        refusal = blocked
    shift = next(iter(_SHIFT(person=person_id, post=post_id, moment=moment, day=day)), None)
    if shift is None or shift.post is None:
        raise refusal
    return _post_actor(shift.post, shift.person, Part.DUTY, cast("Reached", shift), day)


def _parts(post: UUID, moment: datetime, day: date) -> QuerySet[Holding]:
    """Return who holds a post, A before B, with whether they are away and which areas it covers."""
    return (
        Holding.objects.filter(open_at(moment), post=post, post__active=True)
        .select_related("post__unit", "person")
        .annotate(away=away(moment, "person"), **reach(day))
        .order_by("part")
    )


def _shift(person: UUID, post: UUID, moment: datetime, day: date) -> QuerySet[DutyShift]:
    on_duty = DutyShift.objects.filter(
        post=post, person=person, starts_at__lte=moment, ends_at__gt=moment, post__active=True
    )
    return on_duty.select_related("post__unit", "person").annotate(**reach(day)).order_by("pk")[:1]


# Who acts is asked by every request of somebody signed in.
_PARTS = Fixed(_parts, post=UUID, moment=datetime, day=date)
_SHIFT = Fixed(_shift, person=UUID, post=UUID, moment=datetime, day=date)


def _refusal(part: str, *, away: bool, other_present: bool) -> UserError | None:
    """Return why the holder of ``part`` does not act now, or None."""
    if away and other_present:
        return NotYours(_("您正在休假，本岗位的工作已由另一位任岗人接手；请先销假，再以本岗位办理。"))
    if part == Holding.Part.B and other_present:
        return NotYours(_("您是本岗位的B岗，A岗在岗时由A岗办理；A岗休假期间您可以直接办理。"))
    return None


def _post_actor(post: Post, person: Person | None, part: Part, row: Reached, day: date) -> Actor:
    area_ids, codes = areas_of(row, post.unit, day)
    return Actor(
        kind=ActorKind.POST,
        post=post,
        unit=post.unit,
        person=person,
        area_ids=area_ids,
        area_codes=codes,
        part=part,
        may_write=post.kind not in kinds.READ_ONLY,
    )


@cache
def system_actor() -> Actor:
    """Return the actor of what happens by itself: clocks, sweeps, imports."""
    return Actor(kind=ActorKind.SYSTEM)


def resident_actor(person: Person | None = None, *, secret_for: UUID | None = None) -> Actor:
    """Return the actor of a resident; ``secret_for`` is the one subject whose secret link they showed."""
    return Actor(kind=ActorKind.RESIDENT, person=person, secret_for=secret_for)


def link_actor(token: str, *, at: datetime | None = None) -> Actor:
    """Return the actor of a one-time link, with ``actor.link`` saying which unit, subject and purpose.

    Reading with a link is allowed until it is used; :func:`services.use_link` uses it up in the task's
    transaction. Raises :class:`NotHere` for a token that is unknown, expired, used or revoked.
    """
    from linli.kernel.posts import tokens

    link = tokens.find_link(token, at or clock.now())
    if link is None:
        raise NotHere(_("链接无效、已过期或已使用；请联系发给您链接的调度岗重新发送。"))
    return Actor(kind=ActorKind.LINK, unit=link.unit, link=link)


def token_actor(token: str, *, at: datetime | None = None) -> Actor:
    """Return the actor of an API token: its post, no person. Raises as :func:`link_actor`."""
    from linli.kernel.posts import tokens

    moment = at or clock.now()
    found = tokens.find_token(token, moment)
    if found is None:
        raise NotHere(_("令牌无效、已过期或已作废；请由系统管理岗重新签发。"))
    actor = _post_actor(found.post, None, Part.TOKEN, found, clock.local(moment).date())
    return replace(actor, may_write=actor.may_write and not found.read_only)
