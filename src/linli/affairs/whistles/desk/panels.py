"""The facts of whistles, shares and remainders, as a matter's page shows them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.affairs.cases.forms.handling import RESULTS
from linli.affairs.cases.policy import Sources
from linli.affairs.cases.process import CASE
from linli.affairs.whistles import selectors as whistles
from linli.affairs.whistles.desk.saying import category_name, type_name
from linli.affairs.whistles.forms.closing import answered
from linli.affairs.whistles.models import Remainder, ReportIn, Whistle
from linli.affairs.whistles.policy import Scorecard
from linli.affairs.whistles.process import REMAINDER, REPORT_IN, WHISTLE
from linli.kernel import policy
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.policy.shapes import ClockRules
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry
from linli.surfaces.desk.registry import told
from linli.surfaces.parts import shapes, words
from linli.surfaces.parts.maps import Point

Rows = list[tuple[Any, Any]]


@registry.panel(WHISTLE.kind)
def whistle_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return the order, whom to call and why, what was answered, and how each unit was scored."""
    whistle = Whistle.objects.select_related("lead_unit", "suggested", "duty_unit", "home").get(pk=matter.pk)
    public = told(
        [
            (_("哨型"), f"{whistle.get_level_display()}·{type_name(matter, whistle.type)}"),
            (_("哨源"), next((s.name for s in policy.get(Sources).sources if s.code == matter.source), "")),
            (_("类别"), category_name(matter)),
            (_("地点"), whistle.place),
            (_("为什么本级办不了"), whistle.reason),
            (_("已采取的措施"), whistle.tried),
            (_("诉求依据"), whistle.basis),
            (_("期望到场"), words.full_moment(whistle.meet_at) if whistle.meet_at else ""),
            (_("涉及人数"), whistle.people),
            (_("建议牵头"), whistle.suggested.name if whistle.suggested else ""),
            (_("牵头单位"), whistle.lead_unit.name if whistle.lead_unit else ""),
            (_("吹哨时间"), words.full_moment(whistle.blown_at) if whistle.blown_at else ""),
            (_("审批"), "" if whistle.ratified else _("应急先吹，还没有补批")),
            (_("兜底"), _("权属不明，牵头单位先处置") if whistle.fallback else ""),
            (_("权属单位"), whistle.duty_unit.name if whistle.duty_unit else ""),
            (_("权属与费用"), whistle.settled),
        ]
    )
    facts = told([(_("问题"), whistle.description), *public, (_("派前会商"), whistle.consulted)])
    sections = [s for s in (_proposals(actor, matter), _result(matter, whistle)) if s is not None]
    return registry.Panel(facts=facts, public_facts=public, sections=sections, point=_point(matter, whistle))


def _point(matter: Matter, whistle: Whistle) -> Point | None:
    if whistle.lon is None or whistle.lat is None:
        return None
    return Point(lon=whistle.lon, lat=whistle.lat, label=whistle.place or matter.title)


def _proposals(actor: Actor, matter: Matter) -> registry.Section | None:
    if matter.stage != "blown" or "dispatcher" not in duties_of(actor):
        return None
    rows: Rows = [(proposal.unit.name, proposal.why) for proposal in whistles.proposed_units(matter)]
    if not rows:
        return None
    return registry.Section(title=_("可派单位和理由"), icon="send", shapes=[shapes.Facts(rows)], aside=True)


def _result(matter: Matter, whistle: Whistle) -> registry.Section | None:
    shares = answered(matter) if matter.stage in {"verified", "rated", "evaluated"} else []
    rows: Rows = told([(_("处置结果"), whistle.result), (_("群众或社区评价"), whistle.get_residents_grade_display())])
    for share in shares:
        row: ReportIn = share.report_in
        score = _("%(score)s 分") % {"score": row.score} if row.score is not None else ""
        said = "，".join(filter(None, [str(row.get_street_grade_display() or ""), score]))
        if said:
            rows.append((row.unit.name if share.held_unit is None else share.held_unit.name, said))
    if not rows:
        return None
    return registry.Section(title=_("结果与评价"), icon="circle-check", shapes=[shapes.Facts(rows)])


@registry.panel(REPORT_IN.kind)
def share_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return what a unit is called for, and its receipt and reply."""
    share = ReportIn.objects.select_related("unit").get(pk=matter.pk)
    whistle = Whistle.objects.get(pk=matter.parent_id)
    came = " ".join(filter(None, [share.arrived_place, share.who_came]))
    public = told(
        [
            (_("承办单位"), f"{share.unit.name}（{share.get_role_display()}）"),
            (_("哨型"), type_name(matter, share.type)),
            (_("类别"), category_name(matter)),
            (_("地点"), whistle.place),
            (_("街道为什么办不了"), whistle.reason),
            (_("派哨意见"), share.note),
            (_("到场时间"), words.full_moment(share.arrived_at) if share.arrived_at else ""),
            (_("到场"), came),
            (_("初步意见"), share.opinion),
            (_("承诺完成"), words.day(share.promised_on) if share.promised_on else ""),
            (_("挂账至"), words.day(share.planned_on) if share.planned_on else ""),
            (_("代办记录"), share.by_call),
        ]
    )
    reply = told(
        [
            (_("处置结果"), dict(RESULTS).get(share.result, "")),
            (_("受理时间"), words.full_moment(share.accepted_at) if share.accepted_at else ""),
            (_("与谁沟通"), share.spoke_with),
            (_("解决措施"), share.measures),
            (_("解决时限"), words.day(share.solved_by) if share.solved_by else ""),
            (_("政策依据"), share.basis),
            (_("长效措施"), share.lasting),
        ]
    )
    made = registry.Section(title=_("四要素答复"), icon="message-square", shapes=[shapes.Facts(reply)])
    sections = [s for s in (made if reply else None, _card(matter, share)) if s is not None]
    return registry.Panel(
        facts=told([(_("问题"), whistle.description), *public]), public_facts=public,
        sections=sections, point=_point(matter, whistle), links=_links(actor, matter),
    )  # fmt: skip


def _card(matter: Matter, share: ReportIn) -> registry.Section | None:
    if share.score is None or matter.parent is None:
        return None
    parts = policy.pinned(matter.parent.pins, Scorecard).parts
    rows: Rows = [(part.title, _("%(got)s / %(of)s") % {"got": share.parts[name], "of": part.points})
                  for name, part in parts.items() if name in share.parts]  # fmt: skip
    rows.append((_("合计"), _("%(score)s 分") % {"score": share.score}))
    return registry.Section(title=_("一哨一考核"), icon="award", shapes=[shapes.Facts(rows)], aside=True)


def _links(actor: Actor, matter: Matter) -> list[shapes.Action]:
    if not matter.is_open or "dispatcher" not in duties_of(actor) or not actor.covers(matter.area_code):
        return []
    return [
        shapes.Action(
            label=_("发一次性链接"), url=reverse("desk:link", args=[matter.number]), icon="link", kind="quiet"
        )
    ]


@registry.links(CASE.kind)
def blow_from_case(actor: Actor, matter: Matter) -> list[shapes.Action]:
    """Return the way to a whistle that is blown from this case, where the post may blow one and the case may follow."""
    may = "whistler" in duties_of(actor) and actor.may_write and actor.covers(matter.area_code)
    if not may or matter.stage not in {"collected", "filed"}:
        return []
    where = f"{reverse('whistles:new')}?{urlencode({'cases': matter.number})}"
    return [shapes.Action(label=_("吹哨"), url=where, icon="megaphone", kind="quiet")]


@registry.note(REPORT_IN.kind, related="report_in")
def role_word(matter: Matter) -> Any:
    """Return 牵头 or 协办."""
    return matter.report_in.get_role_display()


@registry.panel(REMAINDER.kind)
def remainder_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return what is on account, why, and until when."""
    rest = Remainder.objects.select_related("unit").get(pk=matter.pk)
    reason = policy.get(ClockRules).suspension_reasons.get(rest.reason)
    rows = told(
        [
            (_("未完成的部分"), rest.what),
            (_("承办单位"), rest.unit.name),
            (_("挂账事由"), reason.title if reason else rest.reason),
            (_("临时措施"), rest.meanwhile),
            (_("计划完成"), words.day(rest.planned_on)),
            (_("完成情况"), rest.result),
        ]
    )
    return registry.Panel(facts=rows, public_facts=rows)
