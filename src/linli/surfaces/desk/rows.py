"""Matters as rows of a table: the columns every kind has, and the groups of the inbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from linli.kernel import areas, clock
from linli.kernel.matters.models import Matter
from linli.surfaces.desk import matterpage, registry
from linli.surfaces.desk.holders import step_of, unit_word
from linli.surfaces.parts import words
from linli.surfaces.parts.shapes import Tone
from linli.surfaces.parts.tables import Column, Row

NUMBER = Column(key="number", label=_("编号"), sort="number", always=True)
COLUMNS: tuple[Column, ...] = (
    NUMBER,
    Column(key="title", label=_("事项"), always=True),
    Column(key="stage", label=_("环节")),
    Column(key="due", label=_("期限"), sort="due_at"),
    Column(key="area", label=_("区域"), sort="area_code"),
    Column(key="holder", label=_("现由"), shown=False),
    Column(key="category", label=_("类别"), sort="category", shown=False),
    Column(key="opened", label=_("开始"), sort="opened_at"),
)
SORTS = ("number", "due_at", "area_code", "category", "opened_at", "closed_at")


def cells_of(matter: Matter) -> dict[str, Any]:
    """Return the cells that every kind of matter has; no statement when area and unit came along."""
    return {
        "number": matter.number,
        "title": _title(matter),
        "stage": matterpage.stage_badge(matter),
        "due": matterpage.due_chip(matter),
        "area": area_word(matter),
        "holder": holder_word(matter),
        "category": registry.category_of(matter),
        "opened": short_moment(matter.opened_at),
    }


def short_moment(value: datetime) -> str:
    """Return 11月24日 17:00, with the year when it is not this one: what a narrow column holds."""
    return f"{words.day(clock.local(value).date(), weekday=False)} {words.hour(value)}"


def _title(matter: Matter) -> Any:
    if matter.priority < 1:
        return matter.title
    word = _("应急") if matter.priority >= 2 else _("加急")
    return format_html('{} <span class="mark">{}</span>', matter.title, word)


def area_word(matter: Matter) -> str:
    """Return where a matter is, from the community down."""
    tree = areas.tree()
    node = tree.find_id(matter.area_id)
    return tree.label(node).partition(" ")[2] or node.name if node else matter.area_code


def holder_word(matter: Matter) -> str:
    """Return which unit or area has a matter, for a row."""
    if matter.held_unit is not None:
        return unit_word(matter.held_unit)
    node = areas.tree().find_id(matter.held_area_id) if matter.held_area_id else None
    return node.name if node else ""


def step_word(matter: Matter) -> str:
    """Return the step a matter waits for (待派遣), else its stage."""
    return step_of(matter) or matterpage.stage_word(matter)


def due_group(matter: Matter) -> Any:
    """Return under which heading of the inbox a matter stands: 已超时, 今天到期, 本周, 以后, 没有期限."""
    if matter.due_at is None:
        return _("没有期限")
    if matter.due_at < clock.now():
        return _("已超时")
    today = clock.today()
    due = clock.local(matter.due_at).date()
    if due <= today:
        return _("今天到期")
    return _("本周") if due <= today + timedelta(days=6 - today.weekday()) else _("以后")


def tone_of(matter: Matter) -> Tone:
    """Return the row's tone: overdue, urgent or plain."""
    if matter.is_open and matter.due_at and matter.due_at < clock.now():
        return "whistle"
    return "rice" if matter.is_open and matter.priority >= 2 else "plain"


def rows_of(
    matters: Sequence[Matter], *, grouped: bool = False, more: dict[Any, dict[str, Any]] | None = None
) -> list[Row]:
    """Return matters as rows; ``more`` adds cells by matter id."""
    return [
        Row(
            id=str(m.pk),
            cells={**cells_of(m), **(more or {}).get(m.pk, {})},
            url=reverse("desk:matter", args=[m.number]),
            label=m.number,
            group=due_group(m) if grouped else "",
            tone=tone_of(m),
        )
        for m in matters
    ]
