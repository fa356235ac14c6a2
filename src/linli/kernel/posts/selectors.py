"""Reads: who holds, who acts, who is on duty, which posts cover a place."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.areas.models import AreaVersion
from linli.kernel.errors import NotHere
from linli.kernel.people.models import Person
from linli.kernel.posts import kinds
from linli.kernel.posts.actors import away, open_at
from linli.kernel.posts.models import DutyShift, HandOver, Holding, Leave, Post, PostArea, TaskLink, Unit
from linli.kernel.storage.fixed import Fixed


class Coded(Protocol):
    """Anything with an area's code: a node of the tree, a matter."""

    @property
    def code(self) -> str:
        """The area's code."""


Place = UUID | str | Coded


def _id(thing: Post | Person | Unit | UUID) -> UUID:
    return thing if isinstance(thing, UUID) else thing.pk


def holdings_of(person: Person | UUID, at: datetime | None = None) -> QuerySet[Holding]:
    """Return what ``person`` holds at ``at`` (now), A before B, with posts and units."""
    found = Holding.objects.filter(open_at(at or clock.now()), person=_id(person), post__active=True)
    return found.select_related("post__unit").order_by("part", "valid_from", "pk")


def posts_of(person: Person | UUID, at: datetime | None = None) -> list[Post]:
    """Return the posts through which ``person`` may act at ``at`` (now): held, stood in for, or on shift.

    Two statements; the posts held as A come first.
    """
    moment = at or clock.now()
    held = _HELD(person=_id(person), moment=moment)
    acting = [h.post for h in held if not (h.other and (h.away or h.part == Holding.Part.B))]
    known = {post.pk for post in acting}
    shifts = _SHIFTS(person=_id(person), moment=moment)
    return acting + [s.post for s in shifts if s.post is not None and s.post_id not in known]


def _held(person: UUID, moment: datetime) -> QuerySet[Holding]:
    present = (
        Holding.objects.filter(open_at(moment), post=OuterRef("post"))
        .exclude(part=OuterRef("part"))
        .annotate(away=away(moment, "person"))
        .filter(away=False)
    )
    return holdings_of(person, moment).annotate(away=away(moment, "person"), other=Exists(present))


def _on_shift(person: UUID, moment: datetime) -> QuerySet[DutyShift]:
    found = DutyShift.objects.filter(person=person, starts_at__lte=moment, ends_at__gt=moment, post__active=True)
    return found.select_related("post__unit")


# Every page of the desk offers the posts that its reader may switch to.
_HELD = Fixed(_held, person=UUID, moment=datetime)
_SHIFTS = Fixed(_on_shift, person=UUID, moment=datetime)


def holder_of(post: Post | UUID, at: datetime | None = None) -> Holding | None:
    """Return the A holder of ``post`` at ``at`` (now), on leave or not."""
    return (
        Holding.objects.filter(open_at(at or clock.now()), post=_id(post), part=Holding.Part.A)
        .select_related("person", "post__unit")
        .first()
    )


def active_holder(post: Post | UUID, at: datetime | None = None) -> Holding | None:
    """Return who acts for ``post`` at ``at`` (now): A, or B while A is on leave or there is no A.

    With both away the A holder stays responsible, so that a matter never belongs to nobody.
    """
    return active_holders([_id(post)], at).get(_id(post))


def active_holders(posts: Iterable[UUID], at: datetime | None = None) -> dict[UUID, Holding]:
    """Return :func:`active_holder` of many posts in one statement; posts with no holder are missing."""
    moment = at or clock.now()
    found = (
        Holding.objects.filter(open_at(moment), post__in=set(posts))
        .select_related("person", "post__unit")
        .annotate(away=away(moment, "person"))
        .order_by("part")
    )
    chosen: dict[UUID, Holding] = {}
    best: dict[UUID, bool] = {}
    for holding in found:
        if holding.post_id not in chosen or (best[holding.post_id] and not holding.away):
            chosen[holding.post_id], best[holding.post_id] = holding, holding.away
    return chosen


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who is responsible for a post at a moment, for the holder line of a matter."""

    post: Post
    unit: Unit
    person: Person | None
    part: str
    phone: str


def responsible(posts: Iterable[UUID], at: datetime | None = None) -> dict[UUID, Responsible]:
    """Return who is responsible for each of ``posts`` in three statements, as a list of matters shows it.

    A post nobody holds still answers, with its own or its unit's duty number.
    """
    wanted = set(posts)
    holders = active_holders(wanted, at)
    shifts = {s.post_id: s for s in shifts_at(at).filter(post__in=wanted)}
    lines: dict[UUID, Responsible] = {}
    for post in Post.objects.filter(pk__in=wanted).select_related("unit"):
        holding, shift = holders.get(post.pk), shifts.get(post.pk)
        number = post.phone or post.unit.duty_phone
        if shift is not None:
            lines[post.pk] = Responsible(post, post.unit, shift.person, "duty", shift.phone or number)
        else:
            person, part = (holding.person, holding.part) if holding else (None, "")
            lines[post.pk] = Responsible(post, post.unit, person, part, number)
    return lines


def shifts_at(at: datetime | None = None) -> QuerySet[DutyShift]:
    """Return all shifts running at ``at`` (now), with their people."""
    moment = at or clock.now()
    return DutyShift.objects.filter(starts_at__lte=moment, ends_at__gt=moment).select_related("person", "post")


def on_duty(unit: Unit | UUID, at: datetime | None = None) -> list[DutyShift]:
    """Return who is on duty for ``unit`` at ``at`` (now); empty when the roster names nobody."""
    return list(shifts_at(at).filter(unit=_id(unit)).order_by("starts_at"))


def duty_phone(unit: Unit, at: datetime | None = None) -> str:
    """Return the number somebody answers now: the shift's, else the unit's, else that of the unit above."""
    for shift in on_duty(unit, at):
        if shift.phone:
            return shift.phone
    if unit.duty_phone or unit.parent is None:
        return unit.duty_phone
    return duty_phone(unit.parent, at)


def roster(unit: Unit | UUID, since: datetime, until: datetime) -> QuerySet[DutyShift]:
    """Return the shifts of ``unit`` that touch the span, in order."""
    found = DutyShift.objects.filter(unit=_id(unit), starts_at__lt=until, ends_at__gt=since)
    return found.select_related("person", "post").order_by("starts_at")


def hand_overs_to_confirm(person: Person | UUID) -> QuerySet[HandOver]:
    """Return what has been signed over to a shift of ``person`` and not been confirmed."""
    return HandOver.objects.filter(taking__person=_id(person), confirmed_at=None).select_related(
        "leaving__person", "taking__unit"
    )


def without_cover(person: Person | UUID, starts_at: datetime, ends_at: datetime) -> list[Post]:
    """Return the posts of ``person`` for which nobody else could act in that span."""
    others = (
        Holding.objects.filter(open_at(starts_at), post=OuterRef("post"))
        .exclude(person=OuterRef("person"))
        .exclude(person__in=Leave.objects.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).values("person"))
    )
    held = holdings_of(person, starts_at).annotate(stand_in=Exists(others)).filter(stand_in=False)
    return [holding.post for holding in held]


def _code_of(area: Place, moment: datetime) -> str:
    if isinstance(area, str):
        return area
    if not isinstance(area, UUID):
        return area.code
    day = clock.local(moment).date()
    in_force = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))
    code = AreaVersion.objects.filter(in_force, area=area).values_list("code", flat=True).first()
    if code is None:
        raise NotHere(_("没有这个区域，或它在这一天还不存在。"))
    return code


def covering(area: Place, post_kinds: Collection[str] = (), at: datetime | None = None) -> list[Post]:
    """Return the posts that cover ``area`` (an id, a code, or a node), or else its nearest ancestor with one.

    ``post_kinds`` narrows to those kinds: the nearest area with such a post answers. A post without areas of
    its own covers its unit's. Codes are paths, so three statements over the prefixes of the code are enough.
    Ordered by title; posts out of use never answer.
    """
    moment = at or clock.now()
    code = _code_of(area, moment)
    day = clock.local(moment).date()
    in_force = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))
    around = AreaVersion.objects.filter(in_force, code__in=[code[:end] for end in range(2, len(code) + 1)])
    depth = {area_id: len(prefix) for area_id, prefix in around.values_list("area_id", "code")}
    posts = Post.objects.filter(active=True, unit__active=True).select_related("unit")
    if post_kinds:
        posts = posts.filter(kind__in=post_kinds)
    lines = PostArea.objects.filter(in_force, area__in=depth)
    found: list[tuple[int, Post]] = [
        (depth[post.covered], post) for post in posts.filter(coverage__in=lines).annotate(covered=F("coverage__area"))
    ]
    own_areas = PostArea.objects.filter(in_force, post=OuterRef("pk"))
    at_home = posts.filter(~Exists(own_areas), unit__area__in=depth)
    found += [(depth[post.unit.area_id], post) for post in at_home]
    nearest = max((deep for deep, _post in found), default=0)
    return sorted((post for deep, post in found if deep == nearest), key=lambda post: (post.title, post.pk))


def over(areas: Collection[UUID], post_kinds: Collection[str] = (), on: date | None = None) -> QuerySet[Post]:
    """Return the posts in use that have any of these very areas on a day (today), with their units. One statement.

    A post without areas of its own has its unit's. Neither parts nor what lies around are looked at:
    :func:`covering` climbs.
    """
    day = on or clock.today()
    in_force = PostArea.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), post=OuterRef("pk"), valid_from__lte=day)
    here = Exists(in_force.filter(area__in=areas)) | (~Exists(in_force) & Q(unit__area__in=areas))
    found = Post.objects.filter(here, active=True, unit__active=True).select_related("unit")
    return found.filter(kind__in=post_kinds) if post_kinds else found


def grid_worker_of(area: Place, at: datetime | None = None) -> Responsible | None:
    """Return the grid worker of ``area``: post, who acts now, the number to call; None without one."""
    posts = covering(area, {kinds.GRID_WORKER}, at)
    if not posts:
        return None
    lines = responsible([post.pk for post in posts], at)
    held = (line for post in posts if (line := lines[post.pk]).person is not None)
    return next(held, lines[posts[0].pk])


def posts_of_unit(unit: Unit | UUID, post_kinds: Collection[str] = ()) -> QuerySet[Post]:
    """Return the posts in use of ``unit``, by title; ``post_kinds`` narrows."""
    found = Post.objects.filter(unit=_id(unit), active=True).order_by("title", "id")
    return found.filter(kind__in=post_kinds) if post_kinds else found


def meant(codes: Collection[str]) -> dict[str, Unit]:
    """Return the units in use that ``codes`` mean today: where one was merged, the one that stands in its place.

    Policy and catalogues name units by code; a merger need not wait until each of them is written anew.
    """
    found = {unit.code: unit for unit in Unit.objects.filter(code__in=codes).select_related("merged_into")}
    return {code: heir for code, unit in found.items() if (heir := _heir(unit)) is not None}


def _heir(unit: Unit) -> Unit | None:
    """Return the unit in use that ``unit`` is or went into, however many mergers later."""
    seen = {unit.pk}
    while not unit.active:
        following = unit.merged_into
        if following is None or following.pk in seen:
            return None
        seen.add(following.pk)
        unit = following
    return unit


def open_links(subject_id: UUID) -> QuerySet[TaskLink]:
    """Return the links for a subject that may still be used."""
    return TaskLink.objects.filter(
        subject_id=subject_id, expires_at__gt=clock.now(), used_at=None, revoked_at=None
    ).select_related("unit")
