"""Publishing, changing, ending and calling off an activity or points task."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from linli.affairs.volunteering import messages
from linli.affairs.volunteering.models import Signup
from linli.affairs.volunteering.process import ACTIVITY, SIGNUP
from linli.affairs.volunteering.services import signing
from linli.kernel import areas, outreach
from linli.kernel.areas import Level, Node
from linli.kernel.errors import UserError
from linli.kernel.matters import Transition, perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import system_actor


def community_of(node: Node) -> Node:
    """Return the community that ``node`` is or lies in. Raises :class:`UserError` above communities."""
    found = areas.tree().at_level(node, Level.COMMUNITY)
    if found is None:
        raise UserError(_("请选到社区、小区或网格。"), field="area")
    return found


@ACTIVITY.on("publish")
def published(t: Transition) -> None:
    """Everybody near may sign up from now on."""
    node, detail = t.data["area"], t.detail
    community = community_of(node)
    t.place(node)
    t.hold(area=community.id)
    if t.actor.unit_id is not None:
        t.involve(t.actor.unit_id)
    t.matter.title, t.matter.category = t.data["title"], t.data["sort"]
    for name in (
        "sort",
        "theme",
        "description",
        "place",
        "lon",
        "lat",
        "starts_at",
        "ends_at",
        "capacity",
        "phone",
        "team",
    ):
        setattr(detail, name, t.data[name])
    detail.minutes = t.data.get("minutes") or 0
    detail.community_id, detail.community_code = community.id, community.code
    detail.organiser = _organiser(t)
    partners = list(t.data["partners"])
    t.then(lambda: detail.partners.set(partners))


def _organiser(t: Transition) -> str:
    if t.data["team"] is not None:
        return str(t.data["team"].name)
    return t.actor.unit.name if t.actor.unit is not None else areas.tree().root.name


@ACTIVITY.on("change")
def changed(t: Transition) -> None:
    """More places let those who wait move up; who signed up hears of another place."""
    moved = t.detail.place != t.data["place"]
    t.detail.place, t.detail.phone = t.data["place"], t.data["phone"]
    t.detail.capacity = t.data["capacity"]
    if moved:
        t.write(*outreach.notice_rows(messages.CHANGED, people=_people(t.matter), subject_id=t.matter.pk))
    t.then(lambda: signing.move_up(t.matter))


@ACTIVITY.on("fill")
def filled(t: Transition) -> None:
    """Somebody withdrew: whoever waited longest has the place."""
    t.then(lambda: signing.move_up(t.matter))


@ACTIVITY.on("over")
def over(t: Transition) -> None:
    """Nobody waits any longer for a place in what has ended."""
    t.then(lambda: _drop(t.matter, waiting_only=True))


@ACTIVITY.on("call_off")
def called_off(t: Transition) -> None:
    """Everybody who signed up or waited is told why, and is free again."""
    t.detail.called_off = t.data["reason"]
    t.write(*outreach.notice_rows(messages.CALLED_OFF, people=_people(t.matter), subject_id=t.matter.pk))
    t.then(lambda: _drop(t.matter, waiting_only=False))


def _people(matter: Matter) -> list[uuid.UUID]:
    return list(Signup.objects.filter(activity=matter.pk, gone=False).values_list("person", flat=True))


def _drop(matter: Matter, *, waiting_only: bool) -> None:
    rows = Matter.objects.filter(parent=matter, kind=SIGNUP.kind, is_open=True)
    stages = ["waiting"] if waiting_only else ["waiting", "signed", "present"]
    for one in rows.filter(stage__in=stages).order_by("pk"):
        perform(actor=system_actor(), matter=one, action="drop")
