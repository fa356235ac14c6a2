"""Matters on paper and in group chats: plain, without personal data, with the moment they were true."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.matters import process_of, selectors
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import matterpage, registry
from linli.surfaces.desk.holders import holder_line
from linli.surfaces.parts import shapes, words


def qr(address: str, caption: Any, text: str = "") -> shapes.QrSlot:
    """Return a QR code for an address, as SVG without inline style."""
    code = segno.make(address, error="m").svg_inline(scale=4, omitsize=True)
    return shapes.QrSlot(svg=code, caption=caption, text=text)


def line_of(matter: Matter) -> str:
    """Return one matter as one line: number, title, stage, until when."""
    parts = [matter.number, matter.title, f"【{matterpage.stage_word(matter)}】"]
    if matter.is_open and matter.due_at:
        parts.append(_("%(due)s前") % {"due": words.full_moment(matter.due_at)})
        if matter.due_at < clock.now():
            parts.append(_("已超时"))
    return " ".join(parts)


def text_of_many(title: str, matters: Iterable[Matter], more: int = 0) -> str:
    """Return a list of matters as text for a group chat; ``more`` says how many are left out."""
    lines = [f"{title}（{words.full_moment(clock.now())}）"]
    lines += [f"{n}. {line_of(matter)}" for n, matter in enumerate(matters, start=1)]
    if len(lines) == 1:
        lines.append(_("没有事项。"))
    if more:
        lines.append(_("……另有 %(n)d 件，请在工作台查看。") % {"n": more})
    return "\n".join(lines)


def text_of(request: HttpRequest, actor: Actor, matter: Matter) -> str:
    """Return one matter as text for a group chat: what, where, who has it, until when; no names, no numbers."""
    panel = registry.panel_of(request, actor, matter)
    holder = holder_line(matter)
    rows = [*panel.public_facts, *matterpage.base_facts(matter)]
    lines = [f"【{process_of(matter.kind).title}】{matter.number}", matter.title]
    lines += [_("%(name)s：%(value)s") % {"name": name, "value": value} for name, value in rows if value]
    lines.append(_("环节：%(stage)s") % {"stage": matterpage.stage_word(matter)})
    if holder is not None:
        lines.append(_("现由：%(unit)s %(act)s") % {"unit": holder.unit, "act": holder.act or _("办理")})
        if matter.due_at:
            lines.append(_("期限：%(due)s前") % {"due": words.full_moment(matter.due_at)})
    lines.append(_("截至 %(at)s，详情请登录工作台查看。") % {"at": words.full_moment(clock.now())})
    return "\n".join(lines)


def sheet_context(request: HttpRequest, actor: Actor, matter: Matter) -> dict[str, Any]:
    """Return what the printed sheet of a matter draws."""
    panel = registry.panel_of(request, actor, matter)
    steps = selectors.timeline(matter)
    process = process_of(matter.kind)
    rows: list[tuple[Any, Any]] = [(_("事项"), matter.title), *panel.public_facts, *matterpage.base_facts(matter)]
    rows.append((_("环节"), matterpage.stage_word(matter)))
    if matter.due_at and matter.is_open:
        rows.append((_("期限"), words.full_moment(matter.due_at)))
    rows.append((_("开始"), words.full_moment(matter.opened_at)))
    if matter.closed_at:
        rows.append((_("结束"), words.full_moment(matter.closed_at)))
    link = f"{settings.BASE_URL}{reverse('desk:matter', args=[matter.number])}"
    return {
        "matter": matter,
        "sheet": shapes.Sheet(
            title=_("%(kind)s办理单") % {"kind": process.title},
            number=matter.number,
            unit=actor.label,
            as_of=clock.now(),
            qr=qr(link, _("工作人员扫码打开")),
            rows=rows,
            signatures=[_("经办"), _("审核")],
        ),
        "steps": steps,
        "back": reverse("desk:matter", args=[matter.number]),
    }
