"""What the desk shows of publications, appeals against scores and the streets' opinions on staffing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.whistles.appeals.forms import FALSE_CLOSING
from linli.affairs.whistles.appeals.process import APPEAL
from linli.affairs.whistles.bulletins import tables
from linli.affairs.whistles.bulletins.process import BULLETIN
from linli.affairs.whistles.models import Appeal, Bulletin, StaffOpinion
from linli.affairs.whistles.policy import Scorecard
from linli.affairs.whistles.powers.process import OPINION
from linli.kernel import policy
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry
from linli.surfaces.desk.registry import told
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts import shapes, words
from linli.surfaces.parts.tables import Column


@registry.panel(BULLETIN.kind)
def bulletin_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return the month as it will be, or is, published."""
    row = Bulletin.objects.get(pk=matter.pk)
    facts = told(
        [
            (_("月份"), f"{row.month:%Y-%m}"),
            (_("数据截至"), words.full_moment(row.as_of)),
            (_("公示时间"), words.full_moment(row.released_at) if row.released_at else ""),
            (_("撤下原因"), row.taken_down_for),
        ]
    )
    shown = tables.sections(row.body)
    drawn: list[shapes.Shape] = [shape for shape in shown.values() if shape is not None]
    links = []
    if row.released_at is not None:
        where = reverse("portal:whistle-month", args=[row.month.year, row.month.month])
        links.append(shapes.Action(label=_("看公开页"), url=where, icon="megaphone", kind="quiet"))
    section = registry.Section(title=_("公示内容"), icon="megaphone", shapes=drawn)
    return registry.Panel(facts=facts, public_facts=facts, sections=[section], links=links)


@registry.panel(APPEAL.kind)
def appeal_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return what a unit contests of its score, and what was decided."""
    row = Appeal.objects.select_related("share__unit").get(pk=matter.pk)
    titles = {str(name): part.title for name, part in policy.pinned(matter.pins, Scorecard).parts.items()}
    facts = told(
        [
            (_("单位"), row.share.unit.name),
            (
                _("申诉哪一项"),
                _("虚假办结扣分") if row.part == FALSE_CLOSING else titles.get(row.part, row.part),
            ),
            (_("申诉理由"), row.reason),
            (_("原得分"), _("%(score)s 分") % {"score": row.before}),
            (_("复核意见"), row.decision),
            (_("更正后得分"), _("%(score)s 分") % {"score": row.after} if row.after is not None else ""),
        ]
    )
    return registry.Panel(facts=facts, public_facts=facts)


@registry.panel(OPINION.kind)
def opinion_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return which post the street speaks of, what it says, and the unit's answer."""
    row = StaffOpinion.objects.select_related("unit").get(pk=matter.pk)
    adopted: dict[bool | None, Any] = {None: "", True: _("采纳"), False: _("不采纳")}
    public = [(_("单位"), row.unit.name), (_("岗位"), row.post_title), (_("事由"), row.get_occasion_display())]
    said = [(_("意见"), row.get_view_display()), (_("理由"), row.reason)]
    answer = [(_("是否采纳"), adopted[row.adopted]), (_("单位说明"), row.reply)]
    return registry.Panel(facts=told([*public, *said, *answer]), public_facts=public)


for _queue in (
    registry.Queue(
        key="bulletins", title=gettext_lazy("月公示审核"), icon="megaphone", duties=["publisher"],
        expects=[(BULLETIN.kind, "release")], order=54, hint=gettext_lazy("只有数字和单位，没有个人；拟稿的人不审核。"),
    ),
    registry.Queue(
        key="score-appeals", title=gettext_lazy("得分申诉"), icon="scale", duties=["score_reviewer"],
        expects=[(APPEAL.kind, "keep")], order=56, hint=gettext_lazy("单位对一哨一考核得分的申诉，复核一次为最终。"),
    ),
    registry.Queue(
        key="staff-opinions", title=gettext_lazy("街道人事意见"), icon="users", duties=["opinion_answerer"],
        expects=[(OPINION.kind, "reply")], order=58, hint=gettext_lazy("采纳与否都要答复街道；不采纳的说明理由。"),
    ),
):  # fmt: skip
    registry.add_queue(_queue)

registry.add_register(
    "bulletins", BULLETIN.kind, Column(key="month", label=gettext_lazy("月份")), lambda m: f"{m.bulletin.month:%Y-%m}",
    title=gettext_lazy("月公示"), icon="megaphone", order=27, related=["bulletin"],
)  # fmt: skip
registry.add_register(
    "score-appeals", APPEAL.kind, Column(key="unit", label=gettext_lazy("单位")),
    lambda m: m.score_appeal.share.unit.name,
    title=gettext_lazy("得分申诉"), icon="scale", order=28, related=["score_appeal__share__unit"],
)  # fmt: skip
registry.add_register(
    "staff-opinions", OPINION.kind, Column(key="unit", label=gettext_lazy("单位")), lambda m: m.staff_opinion.unit.name,
    title=gettext_lazy("街道人事意见"), icon="users", order=29, related=["staff_opinion__unit"],
)  # fmt: skip


def _reads_figures(request: HttpRequest) -> bool:
    return "statistician" in duties_of(session.actor(request))


for _door in (
    parts.NavItem(
        key="whistle-months", label=gettext_lazy("吹哨月公示"), url_name="whistles:months", icon="megaphone", order=42,
        also=("whistles:month",), visible=_reads_figures, group=gettext_lazy("登记簿"),
    ),
    parts.NavItem(
        key="whistle-powers", label=gettext_lazy("街道职权"), url_name="whistles:powers", icon="scale", order=43,
        also=("whistles:opinion",), visible=_reads_figures, group=gettext_lazy("登记簿"),
    ),
):  # fmt: skip
    parts.register_nav("desk", _door)
