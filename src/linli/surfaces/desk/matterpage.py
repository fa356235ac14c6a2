"""The parts of one matter's page, made from its declaration: the same for every kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.kernel import areas, evidence
from linli.kernel.evidence.models import Attachment
from linli.kernel.matters import Process, process_of, selectors
from linli.kernel.matters.approvals import undecided
from linli.kernel.matters.models import ClockRun, Matter, Relation
from linli.kernel.matters.proof import RELEASE
from linli.kernel.matters.rules import duties_of
from linli.kernel.matters.selectors import ClockView, Offer, Step
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry, trailwords
from linli.surfaces.desk.holders import holder_line, unit_word
from linli.surfaces.parts import diagrams, maps, shapes

FRAME = "act"
SYMBOLS = {"urge": "bell", "dispatch": "send", "verify": "eye", "file": "clipboard-check", "sign": "pencil"}


@dataclass(frozen=True)
class Family:
    """The matters around one: above it, below it, and those it belongs with."""

    parent: Matter | None
    children: list[Matter]
    relations: list[tuple[str, Matter]]


def family(actor: Actor, matter: Matter) -> Family:
    """Return the matters around ``matter`` that ``actor`` may see, in two statements."""
    below = selectors.visible(actor, parent=matter).select_related("held_unit", "approval", *registry.note_relations())
    children = list(below.order_by("pk"))
    links = Relation.objects.filter(Q(child=matter) | Q(parent=matter), undone_at=None)
    related: list[tuple[str, Matter]] = []
    for link in links.select_related("child", "parent").order_by("pk"):
        other, word = (link.parent, _("主件")) if link.child_id == matter.pk else (link.child, _("并入本件"))
        if selectors.sees(actor, other):
            related.append((f"{link.get_kind_display()}·{word}", other))
    return Family(matter.parent, children, related)


def stage_word(matter: Matter) -> str:
    """Return the title of the stage a matter is in."""
    stage = process_of(matter.kind).stages.get(matter.stage)
    return str(stage.title) if stage else matter.stage


def stage_badge(matter: Matter) -> shapes.Badge:
    """Return the stage as a badge: waiting for a post, under way, or ended."""
    if not matter.is_open:
        return shapes.Badge(stage_word(matter), "plain", "circle-check")
    return shapes.Badge(stage_word(matter), "rice" if matter.awaits else "qing")


def ribbon(matter: Matter, steps: Sequence[Step]) -> shapes.Ribbon:
    """Return the stage ribbon: the process's main line, with a side stage only where the matter stands in it.

    A matter that ended beside the main line shows where it went and nothing to come.
    """
    process = process_of(matter.kind)
    reached = {step.entry.to_stage: step.entry.at for step in steps}
    line = [stage.key for stage in diagrams.main_line(process)]
    if matter.stage in line:
        shown, at = line, line.index(matter.stage)
    else:
        passed = [key for key in line if key in reached]
        shown = [*passed, matter.stage, *([] if not matter.is_open else line[len(passed) :])]
        at = len(passed)
    links = []
    for number, key in enumerate(shown):
        past = shapes.StepState.DONE if key in reached else shapes.StepState.SKIPPED
        now = shapes.StepState.NOW if matter.is_open else shapes.StepState.DONE
        state = past if number < at else now if number == at else shapes.StepState.TO_COME
        title = (
            _ends(process, shown[number - 1], key) if state == shapes.StepState.TO_COME else process.stages[key].title
        )
        links.append(shapes.Step(title, state, reached.get(key) if number <= at else None))
    return shapes.Ribbon(links)


def _ends(process: Process, before: str, key: str) -> str:
    """Return the title of the stage ``key``; where a question leads to it, of both ends: no ribbon answers it."""
    ends = process.answers(before) if process.stages[key].closed else ()
    targets = [a.target for a in ends if a.target and a.target.closed]
    return " / ".join(str(stage.title) for stage in dict.fromkeys([process.stages[key], *targets]))


def clock_shape(view: ClockView, *, compact: bool = False) -> shapes.Clock:
    """Return one clock as its chip."""
    return shapes.Clock(
        due=view.due_at,
        label=view.title,
        started=view.started_at,
        share=view.percent / 100,
        paused=view.state == ClockRun.State.PAUSED,
        reason=view.pause_reason,
        stopped_at=view.stopped_at,
        compact=compact,
    )


def due_chip(matter: Matter) -> shapes.Clock | str:
    """Return what is left until a matter's next limit, for a row; nothing for one without."""
    if matter.due_at is None or not matter.is_open:
        return ""
    return shapes.Clock(due=matter.due_at, started=matter.held_since, compact=True)


def buttons(matter: Matter, offers: Sequence[Offer], *, frame: bool = True) -> shapes.Actions:
    """Return the one primary button, the other answer beside it, and the rest behind 更多.

    Primary is the step expected next, or the first that can be done now where that one cannot.
    """
    first = next((offer for offer in offers if offer.now and not offer.action.secondary), None)
    beside: list[shapes.Action] = []
    others: list[shapes.Action] = []
    for offer in offers:
        if offer is first:
            continue
        key = "u" if offer.action.name == "urge" else ""
        shown = beside if offer.now and offer.action.alternative else others
        shown.append(_button(matter, offer, key=key, frame=frame))
    primary = _button(matter, first, kind="primary", key="e", frame=frame) if first else None
    return shapes.Actions(primary, others, beside=beside)


def _button(matter: Matter, offer: Offer, *, kind: Any = "plain", key: str = "", frame: bool = True) -> shapes.Action:
    action = offer.action
    label: Any = action.title
    if action.needs and not str(label).startswith(_("申请")):
        label = _("申请%(action)s") % {"action": label}
    return shapes.Action(
        label=label,
        url=reverse("desk:act", args=[matter.number, action.name]),
        icon=SYMBOLS.get(action.name, "chevron-right"),
        kind=kind,
        why_not=offer.reason or "",
        key=key,
        frame=FRAME if frame else "",
    )


def photos_of(matter: Matter) -> list[Attachment]:
    """Return the photos of the whole family: they are attached to the root."""
    found = evidence.of_many({matter.pk, matter.root_id or matter.pk})
    return [photo for photos in found.values() for photo in photos]


def evidence_pair(photos: Sequence[Attachment]) -> shapes.EvidencePair | None:
    """Return the first photo before and the last one after, with the distance between, if there is any."""
    ready = [p for p in photos if p.state == evidence.State.READY and p.is_image]
    before = next((p for p in ready if p.role == evidence.Role.BEFORE), None)
    after = next((p for p in reversed(ready) if p.role == evidence.Role.AFTER), None)
    if before is None and after is None:
        return None
    from linli.kernel.evidence.selectors import metres

    apart = metres(before.point, after.point) if before and after and before.point and after.point else None
    return shapes.EvidencePair(
        before=trailwords.picture(before) if before else None,
        after=trailwords.picture(after) if after else None,
        metres=apart,
    )


def small_map(matter: Matter, point: maps.Point | None) -> maps.AreaMap | None:
    """Return where it is: its community's outline among its neighbours, and the point; ``None`` without outlines."""
    tree = areas.tree()
    node = tree.find_id(matter.area_id)
    around = next((n for n in (node, *tree.ancestors(node)) if tree.children(n) and n.boundary), None) if node else None
    if around is None or node is None:
        return None
    drawn = [n for n in tree.children(around) if n.boundary] or [around]
    path = {n.id for n in tree.path(node)}
    regions = [
        maps.Region(name=n.name, geometry=n.boundary, code=n.code, value=1 if n.id in path else None) for n in drawn
    ]
    return maps.AreaMap(
        title=tree.label(node),
        regions=regions,
        points=[point] if point else (),
        sketch=any(n.sketch for n in drawn),
        source=drawn[0].boundary_source,
        table=False,
    )


def share_rows(children: Sequence[Matter]) -> list[dict[str, Any]]:
    """Return the units' tasks (and requests) below a matter, as its page lists them."""
    rows = []
    for child in children:
        process = process_of(child.kind)
        rows.append(
            {
                "matter": child,
                "kind": process.title,
                "who": unit_word(child.held_unit) if child.held_unit else _area(child),
                "role": registry.note_of(child),
                "badge": stage_badge(child),
                "clock": due_chip(child),
            }
        )
    return rows


def _area(matter: Matter) -> str:
    node = areas.tree().find_id(matter.held_area_id) if matter.held_area_id else None
    return node.name if node else ""


def base_facts(matter: Matter) -> list[tuple[Any, Any]]:
    """Return what every matter has to say of itself."""
    tree = areas.tree()
    node = tree.find_id(matter.area_id)
    facts: list[tuple[Any, Any]] = [(_("区域"), tree.label(node) if node else matter.area_code)]
    if matter.urged:
        facts.append((_("催办"), _("%(n)d 次") % {"n": matter.urged}))
    if matter.reworks:
        facts.append((_("返工"), _("%(n)d 次") % {"n": matter.reworks}))
    return facts


def context(request: HttpRequest, actor: Actor, matter: Matter) -> dict[str, Any]:
    """Return everything the matter page draws; a fixed number of statements whatever its history."""
    steps = selectors.timeline(matter)
    panel = registry.panel_of(request, actor, matter)
    photos = photos_of(matter)
    around = family(actor, matter)
    clocks = selectors.clocks_of(matter)
    process = process_of(matter.kind)
    stage = process.stages.get(matter.stage)
    return {
        "matter": matter,
        "process": process,
        "ribbon": ribbon(matter, steps),
        "holder": holder_line(matter, around.children, viewer=actor.post_id),
        "actions": buttons(matter, selectors.offers(actor, matter, asked=undecided(around.children))),
        "facts": shapes.Facts([*panel.facts, *base_facts(matter)]),
        "sections": [s for s in panel.sections if not s.aside],
        "asides": [s for s in panel.sections if s.aside],
        "links": [*panel.links, *registry.links_of(actor, matter)],
        "clocks": [clock_shape(view) for view in clocks if view.state != ClockRun.State.STOPPED],
        "stopped": [clock_shape(view, compact=True) for view in clocks if view.state == ClockRun.State.STOPPED],
        "evidence": evidence_pair(photos),
        "photos": [trailwords.picture(p) for p in photos if p.state == evidence.State.READY and p.is_image],
        "reviews_photos": not matter.restricted and RELEASE in duties_of(actor) and actor.may_write,
        "waiting_photos": sum(p.state == evidence.State.RECEIVED for p in photos),
        "shares": share_rows(around.children),
        "parent": around.parent,
        "relations": around.relations,
        "map": small_map(matter, panel.point),
        "timeline": shapes.Timeline(
            trailwords.entries(actor, matter, steps, photos, [child.held_unit for child in around.children])
        ),
        "badge": stage_badge(matter),
        "next": stage.plain if stage else "",
        "priority": priority_badge(matter),
    }


def priority_badge(matter: Matter) -> shapes.Badge | None:
    """Return the urgency as a badge, if there is any."""
    if matter.priority >= 2:
        return shapes.Badge(_("应急"), "whistle", "siren")
    if matter.priority == 1:
        return shapes.Badge(_("加急"), "rice", "flag")
    return None
