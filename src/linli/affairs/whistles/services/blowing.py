"""From the problem to the desk that calls the units: collected, amended, blown, turned down, risen."""

from __future__ import annotations

from linli.affairs.cases.limits import URGENT
from linli.affairs.cases.services.intake import attach_photos, community_of
from linli.affairs.cases.services.telling import tell_holder
from linli.affairs.whistles.forms.blowing import types_above
from linli.affairs.whistles.limits import type_of
from linli.affairs.whistles.models import Whistle
from linli.affairs.whistles.policy import WhistleType
from linli.affairs.whistles.process import REPORT_IN, WHISTLE
from linli.affairs.whistles.services import following
from linli.kernel import areas
from linli.kernel.areas.models import Level
from linli.kernel.matters import Transition, perform
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import system_actor

OF_STREETS = "street_whistler"


@WHISTLE.on("collect")
def collected(t: Transition) -> None:
    """The order is written down; the cases it comes from follow it from here on."""
    node: areas.Node = t.data["node"]
    kind = type_of(t.matter, t.data["type"])
    detail: Whistle = t.detail
    t.place(node)
    t.matter.title, t.matter.source = t.data["title"], t.data["source"]
    t.matter.category = t.data["category"].code if t.data.get("category") else ""
    cases: list[Matter] = t.data["cases"]
    if cases and not t.matter.category:
        t.matter.category = cases[0].category
    t.matter.restricted = any(case.restricted for case in cases)
    if cases:
        t.hide_from(*{hidden for case in cases for hidden in case.hidden_from})
    for name in ("description", "reason"):
        setattr(detail, name, t.data[name])
    for name in ("tried", "basis", "place", "consulted"):
        setattr(detail, name, t.data.get(name) or "")
    for name in ("lon", "lat", "meet_at", "people", "suggested"):
        setattr(detail, name, t.data.get(name))
    _become(t, kind, home_of(kind, node, for_street=OF_STREETS in duties_of(t.actor)))
    attach_photos(t, "before")
    following.take_along(t, cases)


def _become(t: Transition, kind: WhistleType, home: areas.Node) -> None:
    """Give the whistle its type, and let it lie with whoever blows it."""
    detail: Whistle = t.detail
    detail.level, detail.type, detail.home_id = kind.level, kind.code, home.id
    if kind.acts_first:
        t.matter.priority = URGENT
    t.hold(area=home.id)


def home_of(kind: WhistleType, node: areas.Node, *, for_street: bool) -> areas.Node:
    """Return the area whose posts blow a whistle of this type: its community, its street, or the district."""
    community = community_of(node)
    if kind.level in {"compound", "community"}:
        return community
    if kind.level == "district" and not for_street:
        return areas.tree().root
    return at_level(community, Level.STREET)


def at_level(node: areas.Node, level: Level) -> areas.Node:
    """Return the area of ``level`` that ``node`` is or lies in, the district where there is none."""
    tree = areas.tree()
    return next((n for n in (node, *tree.ancestors(node)) if n.level == level), tree.root)


def desk_of(whistle: Whistle) -> areas.Node:
    """Return the area whose dispatchers answer: the community, its street, or the district, by the level."""
    home = areas.tree().by_id(whistle.home_id)
    if whistle.level == Whistle.Level.COMPOUND:
        return home
    if whistle.level == Whistle.Level.COMMUNITY:
        return at_level(home, Level.STREET)
    return areas.tree().root


@WHISTLE.on("amend")
def amended(t: Transition) -> None:
    """What was missing is there."""
    for name in ("reason", "tried", "basis"):
        setattr(t.detail, name, t.data.get(name) or "")


@WHISTLE.on("blow")
def blown(t: Transition) -> None:
    """It goes out to the desk that calls the units; each blowing is counted, by level and type."""
    detail: Whistle = t.detail
    detail.blown_at = t.effective_at
    t.hold(area=desk_of(detail).id)
    t.tally(f"blown.{detail.level}", at=t.effective_at)
    if type_of(t.matter, detail.type).counted_apart:
        t.tally(f"type.{detail.type}", at=t.effective_at)
    tell_holder(t)


@WHISTLE.on("blow_first")
def blown_first(t: Transition) -> None:
    """应急: out at once; the approval is made up for."""
    t.detail.ratified = False
    blown(t)


@WHISTLE.on("ratify")
def ratified(t: Transition) -> None:
    """The leader agreed after."""
    t.detail.ratified = True


@WHISTLE.on("ratify_late")
def ratified_late(t: Transition) -> None:
    """Nobody made up for the approval in time: counted on the blower's side, and told."""
    t.tally("unratified")
    tell_holder(t, overdue=True)


@WHISTLE.on("complete")
def to_complete(t: Transition) -> None:
    """Back to who blew it, with what is missing."""
    t.detail.returned += 1
    t.hold(area=t.detail.home_id)
    t.tally("incomplete")
    tell_holder(t, returned=True)


@WHISTLE.on("turn_down")
def turned_down(t: Transition) -> None:
    """No whistle: counted on the blower's side; the cases go their own way again."""
    t.tally("not_a_whistle")
    following.let_go(t)


@WHISTLE.on("withdraw")
def withdrawn(t: Transition) -> None:
    """The blower takes it back; the cases go their own way again."""
    following.let_go(t)


@WHISTLE.on("rise")
def risen(t: Transition) -> None:
    """Beyond this level: the units called so far are let go, and the level above blows it anew."""
    _rise(t, type_of(t.matter, t.data["type"]))


@WHISTLE.on("rise_itself")
def risen_unanswered(t: Transition) -> None:
    """Nobody answered in time: the level above has it, as the first of its types that does not act first."""
    above = types_above(t.matter)
    _rise(t, next((kind for kind in above if not kind.acts_first), above[0]))


def _rise(t: Transition, kind: WhistleType) -> None:
    node = areas.tree().by_id(t.matter.area_id)
    _become(t, kind, home_of(kind, node, for_street=OF_STREETS in kind.initiators))
    t.detail.lead_unit = None
    t.tally("risen")
    t.then(lambda: _recall_all(t.matter))
    tell_holder(t, returned=True)


def _recall_all(whistle: Matter) -> None:
    for share in Matter.objects.filter(parent=whistle, kind=REPORT_IN.kind, is_open=True).order_by("pk"):
        perform(actor=system_actor(), matter=share, action="recall")
