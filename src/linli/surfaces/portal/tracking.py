"""A matter as its reporter reads it: where it stands, who has it, what happens next and by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.kernel import areas, clock, evidence
from linli.kernel.matters import process_of, selectors
from linli.kernel.matters.models import Matter
from linli.kernel.matters.secrets import secret_of
from linli.kernel.posts.models import Unit
from linli.surfaces.parts import shapes, words
from linli.surfaces.portal.registry import Story, story_of


@dataclass(frozen=True)
class Now:
    """Who has it, what they do next, until when, and the number to call about it."""

    who: str
    does: str
    due: datetime | None
    phone: str = ""

    @property
    def late(self) -> bool:
        """Whether the time is over."""
        return self.due is not None and self.due < clock.now()


@dataclass(frozen=True)
class Tracked:
    """Everything a tracking page shows of one matter."""

    matter: Matter
    story: Story
    plain: str
    now: Now | None
    ribbon: shapes.Ribbon
    clocks: Sequence[shapes.Clock]
    trail: shapes.Timeline
    pair: shapes.EvidencePair | None
    waiting_photos: int

    @property
    def secret(self) -> str:
        """The secret part of the page's address."""
        return secret_of(self.matter.pk)

    @property
    def promise(self) -> str:
        """The day by which the reporter was promised an end; empty without one."""
        return by_when(self.matter.resident_due_at) if self.matter.resident_due_at else ""

    @property
    def path(self) -> str:
        """The secret address of the page."""
        return path_of(self.matter)


def path_of(matter: Matter) -> str:
    """Return the secret tracking address of ``matter`` within the product."""
    return reverse("portal:track", args=[matter.number, secret_of(matter.pk)])


def track(matter: Matter) -> Tracked:
    """Return the page of ``matter`` for whoever came with its secret or reported it."""
    process, story = process_of(matter.kind), story_of(matter)
    stage = process.stage(matter.stage)
    steps = selectors.timeline(matter)
    pair, waiting = _photos(matter)
    now = current(matter, story)
    return Tracked(
        matter, story, str(stage.plain or stage.title), now, _ribbon(matter, story, steps), _clocks(matter, now),
        _trail(steps), pair, waiting,
    )  # fmt: skip


def current(matter: Matter, story: Story) -> Now | None:
    """Return who has ``matter`` now and what happens next; ``None`` once it has ended.

    While units work on parts of it, they are the ones that have it.
    """
    if not matter.is_open:
        return None
    does = str(story.next.get(matter.stage) or _("办理"))
    shares = list(
        Matter.objects.filter(parent=matter, is_open=True, held_unit__isnull=False)
        .exclude(held_unit_id__in=matter.hidden_from)
        .select_related("held_unit")
        .order_by("pk")
    )
    if shares:
        units = [share.held_unit for share in shares if share.held_unit]
        due = min((share.due_at for share in shares if share.due_at), default=matter.due_at)
        return Now(_("、").join(unit.name for unit in units), does, due, next((u.duty_phone for u in units), ""))
    if matter.held_unit is not None:
        return Now(matter.held_unit.name, does, matter.due_at, matter.held_unit.duty_phone)
    return _with_area(matter, does)


def _with_area(matter: Matter, does: str) -> Now:
    node = areas.tree().find_id(matter.held_area_id) if matter.held_area_id else None
    if node is None:
        return Now(_("调度中心"), does, matter.due_at)
    unit = Unit.objects.filter(area_id=node.id, active=True).exclude(duty_phone="").order_by("pk").first()
    return Now(node.name, does, matter.due_at, unit.duty_phone if unit else "")


def _ribbon(matter: Matter, story: Story, steps: Sequence[selectors.Step]) -> shapes.Ribbon:
    """Return the ordinary way in the affair's short words, and how far along it the matter is.

    A matter that ended off that way shows the stages it reached and the one it ended in.
    """
    reached = {step.entry.to_stage: step.entry.at for step in steps}
    order = list(story.steps) or list(process_of(matter.kind).stages)
    if matter.stage not in order:
        order = [key for key in order if key in reached] + [matter.stage]
    position = order.index(matter.stage)
    names = {key: stage.title for key, stage in process_of(matter.kind).stages.items()} | dict(story.steps)
    shown = []
    for index, key in enumerate(order):
        state = shapes.StepState.DONE if index < position or not matter.is_open else shapes.StepState.TO_COME
        if index == position and matter.is_open:
            state = shapes.StepState.NOW
        shown.append(shapes.Step(names.get(key, key), state, reached.get(key) if index <= position else None))
    return shapes.Ribbon(shown, label=_("办到哪一步"))


def _clocks(matter: Matter, now: Now | None) -> list[shapes.Clock]:
    chips = []
    if matter.resident_due_at is not None:
        chips.append(
            shapes.Clock(
                label=_("答应您的期限"),
                due=matter.resident_due_at,
                started=matter.opened_at,
                stopped_at=matter.closed_at,
            )
        )
    if now is not None and now.due is not None:
        chips.append(shapes.Clock(label=_("这一步的期限"), due=now.due, started=matter.held_since))
    return chips


def _trail(steps: Sequence[selectors.Step]) -> shapes.Timeline:
    """What moved the matter, and every urging: what posts say among themselves is not the reporter's to read."""
    moved = [s for s in steps if s.entry.from_stage != s.entry.to_stage or s.entry.actor_kind == "resident"]
    entries = [shapes.TrailEntry(at=s.entry.at, act=s.title, who=s.who) for s in moved]
    return shapes.Timeline(entries, label=_("办理经过"))


def _photos(matter: Matter) -> tuple[shapes.EvidencePair | None, int]:
    """Return the reporter's own and the released photos as a pair, and how many of theirs are not ready yet."""
    rows = [row for row in evidence.of(matter.pk) if row.kind == evidence.Kind.PHOTO]
    mine = [row for row in rows if row.uploader_post_id is None]
    waiting = sum(row.state == evidence.State.RECEIVED for row in mine)
    ready = [row for row in rows if row.state == evidence.State.READY and (row.public_at or row in mine)]
    before = next((row for row in ready if row.role == evidence.Role.BEFORE), None)
    after = next((row for row in reversed(ready) if row.role == evidence.Role.AFTER), None)
    if before is None and after is None:
        return None, waiting
    return shapes.EvidencePair(before=_picture(matter, before), after=_picture(matter, after)), waiting


def _picture(matter: Matter, row: Any) -> shapes.Picture | None:
    if row is None:
        return None
    if row.public_at and row.uploader_post_id is not None:
        src = reverse("evidence:public", args=[row.pk])
    else:
        src = f"{reverse('evidence:full', args=[row.pk])}?s={secret_of(matter.pk)}"
    alt = _("处理前的照片") if row.role == evidence.Role.BEFORE else _("处理后的照片")
    return shapes.Picture(src=src, alt=alt, at=row.captured_at)


def by_when(due: datetime) -> str:
    """Return a deadline as residents say it: midnight is the end of the day before, not the start of the next."""
    local = clock.local(due)
    if (local.hour, local.minute) == (0, 0):
        return words.day((local - timedelta(days=1)).date())
    return words.moment(due)


def describe_next(tracked: Tracked) -> str:
    """Return one sentence: who does what by when; for messages, slips and the page after sending."""
    now = tracked.now
    if now is None:
        return tracked.plain
    if now.due is None:
        return _("由%(who)s%(does)s。") % {"who": now.who, "does": now.does}
    return _("由%(who)s在%(when)s前%(does)s。") % {"who": now.who, "when": by_when(now.due), "does": now.does}
