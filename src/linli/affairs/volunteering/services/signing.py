"""Signing up, waiting, moving up, withdrawing: never one more than there are places.

Every step on an activity or on a service in it locks the activity first, so the last place goes to one of forty; the
database refuses a forty-first by itself (``volunteering_places``).
"""

from __future__ import annotations

import uuid

from django.db.models import F
from django.utils.translation import gettext as _

from linli.affairs.honor import selectors as honor
from linli.affairs.honor.services import members
from linli.affairs.volunteering import messages
from linli.affairs.volunteering.models import Activity, Signup
from linli.affairs.volunteering.process import ACTIVITY, SIGNUP
from linli.kernel import areas, outreach, people
from linli.kernel.errors import NotNow, UserError
from linli.kernel.matters import Transition, perform
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Person
from linli.kernel.people.selectors import same_human
from linli.kernel.posts.actors import resident_actor, system_actor


class Full(NotNow):
    """Every place is taken."""

    code = "full"


@ACTIVITY.on("sign_up")
def signed_up(t: Transition) -> None:
    """A resident takes part."""
    person = t.actor.person
    if person is None:
        raise UserError(_("请先用手机号登录，再报名。"))
    if t.data["join"]:
        members.join(actor=resident_actor(person), person=person, community=_community(t.detail))
    _take(t, people.canonical(person), wait=t.data["wait"])


@ACTIVITY.on("enter")
def entered(t: Transition) -> None:
    """Somebody without a phone signs up at the counter; paper counts the same."""
    person = _at_the_counter(t)
    if t.actor.person_id in same_human(person):
        raise UserError(_("自己请在手机上报名，不由自己代办。"))
    _take(t, person, wait=True)


def _at_the_counter(t: Transition) -> Person:
    card = t.data["card"]
    if card:
        member = honor.member_by_card(card)
        if member is None or member.person is None:
            raise UserError(_("没有这张卡，请核对卡上的数字。"), field="card")
        return people.canonical(member.person)
    return people.canonical(people.ensure_by_phone(t.data["phone"], t.data["name"]))


def _community(activity: Activity) -> areas.Node:
    return areas.tree().by_id(activity.community_id)


def _take(t: Transition, person: Person, *, wait: bool) -> None:
    mine = Signup.objects.filter(activity=t.matter.pk, person__in=same_human(person), gone=False)
    if mine.exists():
        raise NotNow(_("您已经报过这个活动了，在“我的志愿服务”里看。"), code="twice")
    # The row that came with the lock may be older than the lock: places are read afresh.
    capacity, taken = Activity.objects.filter(pk=t.matter.pk).values_list("capacity", "taken").get()
    free = taken < capacity
    if not free and not wait:
        raise Full(_("名额刚好满了（%(n)d 个）。可以勾选“满了就候补”，有人退出会自动递补。") % {"n": capacity})
    t.data["taker"] = person
    t.open(SIGNUP, "take" if free else "wait", {}, actor=system_actor())
    if free:
        t.then(lambda: _count(t.matter.pk, 1))


@SIGNUP.on("take")
@SIGNUP.on("wait")
def begun(t: Transition) -> None:
    """The signing up belongs to the activity and its community."""
    within = t.within
    assert within is not None  # noqa: S101 - begun under its activity only
    t.detail.activity, t.detail.person = within.detail, within.data["taker"]
    t.matter.reporter = t.detail.person
    t.detail.holds_place = t.action.name == "take"
    t.hold(area=within.detail.community_id)


def _count(activity_id: uuid.UUID, change: int) -> None:
    Activity.objects.filter(pk=activity_id).update(taken=F("taken") + change)


@SIGNUP.on("withdraw")
@SIGNUP.on("drop")
@SIGNUP.on("miss")
def left(t: Transition) -> None:
    """Somebody is not coming: the place is free again."""
    held, t.detail.holds_place = t.detail.holds_place, False
    t.detail.gone = t.action.name != "miss"
    if held:
        t.then(lambda: _count(t.detail.activity_id, -1))


@SIGNUP.on("move_up")
def moved_up(t: Transition) -> None:
    """From waiting to a place; the person hears of it."""
    t.detail.holds_place = True
    person_id = t.detail.person_id
    t.write(*outreach.queue("sms", [person_id], messages.MOVED_UP, subject_id=t.matter.pk))
    t.write(*outreach.notice_rows(messages.MOVED_UP, people=[person_id], subject_id=t.matter.pk))
    t.then(lambda: _count(t.detail.activity_id, 1))


def move_up(activity: Matter) -> None:
    """Give free places to whoever has waited longest; the caller holds the activity's lock."""
    capacity, taken = Activity.objects.filter(pk=activity.pk).values_list("capacity", "taken").get()
    waiting = Matter.objects.filter(parent=activity.pk, kind=SIGNUP.kind, stage="waiting").order_by("pk")
    for one in waiting[: max(0, capacity - taken)]:
        perform(actor=system_actor(), matter=one, action="move_up")
