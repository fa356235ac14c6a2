"""Taking a problem in: place, category, reporter, protection; then the community that looks first."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from linli.affairs.cases.limits import HIGH, URGENT
from linli.affairs.cases.models import Case
from linli.affairs.cases.policy import Categories, Category, Guidance, Sources
from linli.affairs.cases.process import CASE
from linli.affairs.cases.services.telling import tell_reporter
from linli.kernel import areas, clock, evidence, people, policy
from linli.kernel.areas.models import Level
from linli.kernel.matters import Transition

SHORT = 18


@CASE.on("report")
def from_resident(t: Transition) -> None:
    """A resident's own report, signed in, by phone number, or by the secret link alone."""
    take(t, "snap")
    phone = t.data.get("phone")
    if t.actor.person is not None:
        t.matter.reporter = t.actor.person
    elif phone:
        t.matter.reporter = people.ensure_by_phone(phone, t.data.get("name") or "")
    protect(t)
    tell_reporter(t, "case.received")


@CASE.on("register")
def on_behalf(t: Transition) -> None:
    """A clerk's registration for a caller, and perhaps for somebody the caller speaks for."""
    take(t, t.data["channel"])
    _note_caller(t)
    protect(t)
    tell_reporter(t, "case.received")


@CASE.on("reply")
def answered_at_once(t: Transition) -> None:
    """A question that was answered while the caller was there."""
    take(t, t.data["channel"])
    _note_caller(t)
    t.detail.result = t.data["answer"]


@CASE.on("patrol")
def from_patrol(t: Transition) -> None:
    """A patrol's report: filed at once, held where dispatch begins."""
    take(t, "patrol")
    t.detail.registered_by = t.actor.post


@CASE.on("receive")
def from_another_system(t: Transition) -> None:
    """An order of another system, under its own number and deadline."""
    take(t, t.data["channel"])
    detail: Case = t.detail
    detail.external_system, detail.external_number = t.data["external_system"], t.data["external_number"]
    detail.external_due_at = t.data.get("external_due")
    if t.data.get("caller_phone"):
        t.matter.reporter = people.ensure_by_phone(t.data["caller_phone"], t.data.get("caller") or "")
    protect(t)


@CASE.on("amend")
def amended(t: Transition) -> None:
    """The other system changed its order: new words stand below the old ones, nothing is overwritten or lost."""
    detail: Case = t.detail
    if t.data.get("external_due"):
        detail.external_due_at = t.data["external_due"]
    if t.data.get("description"):
        mark = _("【%(day)s 更新】") % {"day": clock.local(t.at).strftime("%m-%d")}
        detail.description = f"{detail.description}\n{mark}{t.data['description']}"


def take(t: Transition, channel: str) -> None:
    """Fill what every way in shares: place, category (given or guessed), title, source, holder, photos."""
    node: areas.Node = t.data["node"]
    detail: Case = t.detail
    detail.channel, detail.description = channel, t.data.get("description") or ""
    detail.place, detail.lon, detail.lat = t.data.get("place") or "", t.data.get("lon"), t.data.get("lat")
    t.place(node)
    t.matter.source = policy.get(Sources).channels[channel].source_code
    category = t.data.get("category") or _guessed(detail.description)
    if category is not None:
        classify(t, category)
    t.matter.title = title_of(node, category)
    community = community_of(node)
    t.hold(area=community.id)
    attach_photos(t, "before")


def classify(t: Transition, category: Category) -> None:
    """Give the case its category, and what follows from it: urgency, and whether few may know."""
    t.matter.category = category.code
    t.matter.priority = max(t.matter.priority, {"urgent": URGENT, "high": HIGH}.get(category.priority, 0))
    t.matter.restricted = t.matter.restricted or category.restricted


def protect(t: Transition) -> None:
    """Keep the reporter's name from who need not know it, and the case from whom it is about (practice)."""
    detail: Case = t.detail
    detail.name_shared = bool(t.data.get("name_shared"))
    about = t.data.get("about_unit")
    if about is not None:
        detail.about_unit = about
        t.hide_from(about.pk)
        if t.matter.held_area_id == about.area_id:
            # What concerns the community itself is looked at by the street.
            t.hold(area=above(t.matter.held_area_id).id)
    guidance = policy.get(Guidance)
    for code in guidance.alerts_in(detail.description):
        alert = guidance.alerts[code]
        t.matter.restricted = True
        t.matter.priority = URGENT
        if alert.category and (category := policy.get(Categories).by_code.get(alert.category)):
            classify(t, category)


def _note_caller(t: Transition) -> None:
    detail: Case = t.detail
    detail.registered_by, detail.relation = t.actor.post, t.data.get("relation") or ""
    phone, name = t.data.get("caller_phone"), t.data.get("caller") or ""
    if phone:
        t.matter.reporter = people.ensure_by_phone(phone, name)
    elif name:
        t.matter.reporter = people.create(name=name)


def _guessed(description: str) -> Category | None:
    return next(iter(policy.get(Categories).guess(description, 1)), None) if description else None


def title_of(node: areas.Node, category: Category | None) -> str:
    """Return a title without personal data: the place at community level and the kind of problem."""
    what = category.name if category else _("居民反映的问题")
    return f"{community_of(node).name} {what}"


def community_of(node: areas.Node) -> areas.Node:
    """Return the community that ``node`` is or lies in; higher areas stand for themselves."""
    tree = areas.tree()
    return next((n for n in (node, *tree.ancestors(node)) if n.level == Level.COMMUNITY), node)


def above(area_id: Any) -> areas.Node:
    """Return the area one level up; the district stands for itself."""
    tree = areas.tree()
    node = tree.by_id(area_id)
    return next(iter(tree.ancestors(node)), node)


def attach_photos(t: Transition, role: str) -> None:
    """Make the photos of this action part of the case once it is written."""
    ids = t.data.get("photos")
    if not ids:
        return
    subject = t.matter.root_id or t.matter.pk

    def attach() -> None:
        evidence.attach(subject, ids, role)

    t.then(attach)
