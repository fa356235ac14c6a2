"""What approvals and changes show: what is asked, by whom, as of when, and what becomes of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import policy
from linli.kernel.matters import process_of
from linli.kernel.matters.approvals import APPROVAL
from linli.kernel.matters.changes import CHANGE
from linli.kernel.matters.models import Approval, Change, Matter
from linli.kernel.policy.shapes import Approvals
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry, trailwords
from linli.surfaces.desk.holders import unit_word
from linli.surfaces.parts import shapes, words


@registry.panel(APPROVAL.kind)
def approval_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return what an approval asks for: the action on its matter, its data in words, who asked and when."""
    asked: Approval = matter.approval
    parent = matter.parent
    if parent is None:
        return registry.Panel()
    process = process_of(parent.kind)
    action = process.action(asked.action) if process.has(asked.action) else None
    facts: list[tuple[Any, Any]] = [
        (_("申请事项"), action.title if action else asked.action),
        (_("所办事项"), shapes.Link(f"{parent.number} {parent.title}", reverse("desk:matter", args=[parent.number]))),
        (_("申请人"), _asker(asked)),
        (_("申请时间"), words.full_moment(asked.requested_at)),
        (_("审批链"), _chain(asked.steps, asked.step)),
    ]
    fields = action.form.base_fields if action and action.form else {}
    names = trailwords.unit_names(trailwords.unit_ids(fields, asked.data))
    said = []
    for name, values in asked.data.items():
        field = fields.get(name)
        if field is None or not field.label:
            continue
        value = values if isinstance(values, list) and len(values) != 1 else (values or [""])[0]
        word = registry.word_for(actor, parent, name, value)
        text = trailwords.value_word(field, value, names) if word is None else word
        if text:
            said.append((field.label, text))
    return registry.Panel(
        facts=facts,
        public_facts=[(_("申请事项"), action.title if action else asked.action)],
        sections=[
            registry.Section(title=_("申请内容"), icon="file-text", shapes=[shapes.Facts(said)]),
            registry.Section(
                title=_("批准后"),
                icon="info",
                template="desk/says.html",
                aside=True,
                context={"says": _("批准以后立即生效，按申请时间计算；原来的时限在审批期间照走，不因等待审批而停。")},
            ),
        ]
        if said
        else [],
    )


def _asker(asked: Approval) -> str:
    post = asked.proposer_post
    if post is None:
        return asked.proposer.name if asked.proposer else ""
    return f"{unit_word(post.unit)}·{post.title}" + (f"·{asked.proposer.name}" if asked.proposer else "")


def _chain(steps: list[dict[str, Any]], now: int) -> str:
    levels = {
        "unit": _("本单位"),
        "community": _("社区"),
        "street": _("街道"),
        "district": _("区级"),
        "grid": _("网格"),
    }
    parts = []
    for number, step in enumerate(steps):
        word = f"{levels.get(step['level'], step['level'])}·{policy.duty_title(step['duty'])}"
        parts.append(_("%(step)s（现在）") % {"step": word} if number == now else word)
    return " → ".join(parts)


@registry.panel(CHANGE.kind)
def change_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return what a change would change, and why; a policy's with the lines that differ."""
    change: Change = matter.change
    facts: list[tuple[Any, Any]] = [(_("理由"), change.reason), (_("审批链"), _chain(change.steps, change.step))]
    sections = [maker(change) for subject, maker in _subjects.items() if subject == change.subject]
    return registry.Panel(facts=facts, public_facts=[(_("理由"), change.reason)], sections=sections)


_subjects: dict[str, Any] = {}


def shows_change(subject: str, maker: Any) -> None:
    """Let ``maker(change)`` give the section that shows what a change of ``subject`` would change."""
    _subjects[subject] = maker


def deciding_kinds() -> tuple[str, str]:
    """Return the kinds of the matters that are decided, not handled."""
    return APPROVAL.kind, CHANGE.kind


def _approving_duties() -> frozenset[str]:
    chains = policy.get(Approvals).chains
    return frozenset(step.duty for chain in chains.values() for step in chain.steps)


registry.add_queue(
    registry.Queue(
        key="approvals",
        title=gettext_lazy("审批"),
        icon="gavel",
        duties=_approving_duties,
        order=60,
        expects=[(APPROVAL.kind, "approve"), (CHANGE.kind, "approve")],
        hint=gettext_lazy("延期、挂账、剔除、说明性办结、政策变更等；自己提的自己不能批。"),
    )
)
