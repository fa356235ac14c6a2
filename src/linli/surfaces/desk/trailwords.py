"""The trail in words: what was done, by which post, and what it said, under the labels of the form it was typed in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from linli.kernel import areas, clock, evidence
from linli.kernel.evidence.models import Attachment
from linli.kernel.matters import UUIDListField, process_of
from linli.kernel.matters.declare import Action, Overdue, Process
from linli.kernel.matters.models import Matter
from linli.kernel.matters.selectors import Step
from linli.kernel.matters.succession import MERGED
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import Unit
from linli.surfaces.desk import registry
from linli.surfaces.desk.holders import part_word
from linli.surfaces.parts import words
from linli.surfaces.parts.shapes import Link, Picture, Tone, TrailEntry


def entries(
    actor: Actor,
    matter: Matter,
    steps: Sequence[Step],
    photos: Sequence[Attachment],
    known: Iterable[Unit | None] = (),
) -> list[TrailEntry]:
    """Return the lines of the timeline, newest first; one statement at most, whatever its length.

    ``known`` are units that the page has read already: their names are not asked for again.
    """
    process = process_of(matter.kind)
    names = {str(unit.pk): unit.name for unit in known if unit is not None}
    units = names | unit_names(_units_in(process, steps) - names.keys())
    shown = {photo.pk: photo for photo in photos}
    return [_entry(actor, matter, process, step, units, shown) for step in reversed(steps)]


def _entry(
    actor: Actor,
    matter: Matter,
    process: Process,
    step: Step,
    units: dict[str, str],
    photos: dict[uuid.UUID, Attachment],
) -> TrailEntry:
    entry = step.entry
    action = _action(process, entry.action)
    said, facts, pictures = _said(actor, matter, action, step.payload or {}, units, photos)
    marks = [mark for mark in [part_word(entry.part) if entry.part != "A" else ""] if mark]
    if entry.action == MERGED:
        facts += _merger(step.payload or {})
    if step.payload is None:
        marks.append(_("内容已按保存期限删除"))
    if entry.effective_at != entry.at:
        facts.append((_("生效自"), words.full_moment(entry.effective_at)))
    return TrailEntry(
        at=entry.at,
        act=step.title,
        who=step.who,
        text=said,
        tone=_tone(process, action, step),
        marks=marks,
        facts=facts,
        pictures=pictures,
    )


def _merger(payload: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """Return from which unit to which a matter went, and by which document; no form has labels for these."""
    labels = {"from": _("原单位"), "to": _("承接单位"), "basis": _("依据")}
    return [(label, payload[name]) for name, label in labels.items() if payload.get(name)]


def _action(process: Process, name: str) -> Action | None:
    base = name.partition(".")[0]
    return process.action(base) if process.has(base) else None


def _tone(process: Process, action: Action | None, step: Step) -> Tone:
    if action is not None and isinstance(action.after, Overdue):
        return "whistle"
    if step.entry.action.endswith(".asked"):
        return "rice"
    stage = process.stages.get(step.entry.to_stage)
    if stage is not None and stage.closed and step.entry.from_stage != step.entry.to_stage:
        return "done"
    return "qing" if step.entry.from_stage != step.entry.to_stage else "plain"


Said = tuple[str, list[tuple[Any, Any]], list[Picture]]


def _said(
    actor: Actor,
    matter: Matter,
    action: Action | None,
    payload: dict[str, Any],
    units: dict[str, str],
    photos: dict[uuid.UUID, Attachment],
) -> Said:
    fields = action.form.base_fields if action and action.form else {}
    long: list[str] = []
    facts: list[tuple[Any, Any]] = []
    pictures: list[Picture] = []
    for name, value in payload.items():
        field = fields.get(name)
        if isinstance(field, UUIDListField):
            pictures += _pictures(value, photos)
            continue
        word = registry.word_for(actor, matter, name, value)
        text = value_word(field, value, units) if word is None else word
        if not text:
            continue
        if name == "approval":
            facts.append((_("审批单"), Link(text, reverse("desk:matter", args=[text]))))
        elif field is not None and isinstance(field.widget, forms.Textarea):
            long.append(text)
        elif field is not None and field.label:
            facts.append((field.label, text))
    return "\n".join(long), facts, pictures


def value_word(field: forms.Field | None, value: Any, units: dict[str, str]) -> str:
    """Return a recorded value as people read it: a choice by its label, a unit and an area by name, 是 for yes."""
    if isinstance(value, bool):
        return _("是") if value else ""
    if isinstance(value, list):
        return "、".join(filter(None, (value_word(field, one, units) for one in value)))
    text = str(value)
    if text in units:
        return units[text]
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return next((str(label) for key, label in _flat(field.choices) if str(key) == text), text)
    if isinstance(field, forms.DateTimeField):
        moment = parse_datetime(text)
        if not isinstance(moment, datetime):
            return text
        # What a form took without an offset was meant in China's time.
        return words.full_moment(moment if moment.tzinfo else clock.at(moment.date(), moment.hour, moment.minute))
    node = areas.tree().get(text) if text.isdigit() and len(text) >= 6 else None
    return areas.tree().label(node) if node else text


def _flat(choices: Any) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield key, label


def _units_in(process: Process, steps: Sequence[Step]) -> set[str]:
    wanted: set[str] = set()
    for step in steps:
        action = _action(process, step.entry.action)
        fields = action.form.base_fields if action and action.form else {}
        wanted |= unit_ids(fields, step.payload or {})
    return wanted


def unit_ids(fields: Mapping[str, forms.Field], data: Mapping[str, Any]) -> set[str]:
    """Return the ids in ``data`` that the form's fields say are units; what was kept by its name is none."""
    found: set[str] = set()
    for name, value in data.items():
        if isinstance(fields.get(name), forms.ModelChoiceField):
            found.update(str(one) for one in (value if isinstance(value, list) else [value]) if _is_id(one))
    return found


def _is_id(value: Any) -> bool:
    try:
        uuid.UUID(str(value))
    except ValueError:
        return False
    return True


def unit_names(wanted: set[str]) -> dict[str, str]:
    """Return names of units by their id as text; one statement, none when nothing is wanted."""
    rows = Unit.objects.filter(pk__in=wanted).values_list("pk", "name") if wanted else ()
    return {str(pk): name for pk, name in rows}


def _pictures(value: Any, photos: dict[uuid.UUID, Attachment]) -> list[Picture]:
    found = []
    for one in value if isinstance(value, list) else [value]:
        photo = photos.get(uuid.UUID(str(one)))
        if photo is not None and photo.state == evidence.State.READY and photo.is_image:
            found.append(picture(photo))
    return found


def picture(photo: Attachment) -> Picture:
    """Return a photo as a part shows it: the small one, leading to the whole one."""
    return Picture(
        src=reverse("evidence:thumb", args=[photo.pk]),
        href=reverse("evidence:full", args=[photo.pk]),
        alt=_("%(role)s照片") % {"role": photo.get_role_display()},
        at=photo.captured_at or photo.received_at,
    )
