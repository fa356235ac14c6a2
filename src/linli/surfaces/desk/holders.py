"""Who has a matter now, in one line: unit, post, person, part, until when, which number to call."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from linli.kernel import areas, policy
from linli.kernel.matters import process_of
from linli.kernel.matters.approvals import undecided
from linli.kernel.matters.models import Matter
from linli.kernel.posts import selectors as posts
from linli.kernel.posts.models import Holding, Post
from linli.surfaces.parts.shapes import Holder


def part_word(part: str) -> str:
    """Return A岗, B岗 or 值班 for the part through which somebody acts; nothing for an empty one."""
    return _("值班") if part == "duty" else str(dict(Holding.Part.choices).get(part, ""))


def unit_word(unit: Any) -> str:
    """Return a unit as lists show it: its short name where it has one."""
    return str(unit.short_name or unit.name)


def step_of(matter: Matter) -> str:
    """Return what a matter waits for, both answers where that is a question; nothing where it waits for no one act."""
    process = process_of(matter.kind)
    answers = process.answers(matter.stage) if process.has(matter.expected) else ()
    return _("或").join(str(answer.title) for answer in answers)


def holder_line(matter: Matter, shares: Sequence[Matter] = (), *, viewer: uuid.UUID | None = None) -> Holder | None:
    """Return the holder line of an open matter; ``None`` for a closed one.

    While its units work (``shares`` are its open sub-matters) they are named; otherwise the posts that
    hold it and carry the duty it waits for, the reader's own post (``viewer``) before others. What was asked for
    and is not decided yet is held by whoever decides it.
    """
    if not matter.is_open:
        return None
    if asked := undecided(shares).get(matter.expected):
        return holder_line(asked, viewer=viewer)
    working = [m for m in shares if m.is_open and m.held_unit is not None and m.due_at is not None]
    if not matter.expected and working:
        return _units(working)
    found = _posts(matter)
    act = step_of(matter)
    if not found:
        return Holder(unit=_place(matter), act=act, due=matter.due_at, note=_("还没有人任这个岗位，请联系本级调度"))
    lines = posts.responsible([post.pk for post in found])
    order = sorted(found, key=lambda p: (p.pk != viewer, lines[p.pk].person is None))
    first = lines[order[0].pk]
    others = len(found) - 1
    return Holder(
        unit=f"{unit_word(first.unit)}·{first.post.title}",
        person=first.person.name if first.person else "",
        role=part_word(first.part),
        act=act,
        due=matter.due_at,
        phone=first.phone,
        note=_("等 %(n)d 个岗位可办") % {"n": others + 1} if others else "",
    )


def _units(working: Sequence[Matter]) -> Holder:
    names = "、".join(dict.fromkeys(unit_word(m.held_unit) for m in working))
    due = min(m.due_at for m in working if m.due_at)
    phones = [m.held_unit.duty_phone for m in working if m.held_unit and m.held_unit.duty_phone]
    return Holder(unit=names, due=due, phone=phones[0] if len(phones) == 1 else "")


def _posts(matter: Matter) -> list[Post]:
    if matter.held_post_id is not None:
        return list(Post.objects.filter(pk=matter.held_post_id))
    kinds = policy.posts_with(matter.awaits) if matter.awaits else frozenset()
    if matter.held_unit_id is not None:
        return list(posts.posts_of_unit(matter.held_unit_id, kinds))
    return posts.covering(matter.held_area_id, kinds) if matter.held_area_id and kinds else []


def _place(matter: Matter) -> str:
    if matter.held_unit is not None:
        return unit_word(matter.held_unit)
    node = areas.tree().find_id(matter.held_area_id) if matter.held_area_id else None
    return node.name if node else _("本级")
