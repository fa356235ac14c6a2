"""What the matter page shows of an activity and of somebody's taking part."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.affairs.volunteering import hours, selectors, statements
from linli.affairs.volunteering.granting import GRANT
from linli.affairs.volunteering.policy import VolunteeringRules
from linli.affairs.volunteering.process import ACTIVITY, SIGNUP
from linli.affairs.volunteering.services import grants
from linli.kernel import ledger, policy
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry
from linli.surfaces.desk.access import has_duty
from linli.surfaces.desk.registry import Panel, told
from linli.surfaces.parts import words
from linli.surfaces.parts.shapes import Action, Facts


@registry.panel(ACTIVITY.kind)
def activity(_request: HttpRequest, actor: Actor, matter: Matter) -> Panel:
    """What, where, when, how many; the ways to roster, sheet, poster and confirming."""
    row = matter.volunteer_activity
    facts = told(
        [
            (_("类型"), selectors.sort_title(row.sort)),
            (_("主题"), policy.get(VolunteeringRules).themes.get(row.theme, "")),
            (_("做什么"), row.description),
            (_("地点"), row.place),
            (_("开始"), words.full_moment(row.starts_at)),
            (_("结束"), words.full_moment(row.ends_at)),
            (_("名额"), _("%(n)d 个，已报 %(taken)d") % {"n": row.capacity, "taken": row.taken}),
            (_("组织者"), row.organiser),
            (_("取消原因"), row.called_off),
        ]
    )
    links = []
    if has_duty(actor, "activity_organiser"):
        ways = [
            ("roster", _("名单与签到"), "users"), ("poster", _("打印签到码"), "qr-code"),
            ("sheet", _("打印签到表"), "printer"),
        ]  # fmt: skip
        links = [
            Action(label=label, url=reverse(f"volunteering:{name}", args=[matter.number]), icon=icon)
            for name, label, icon in ways
        ]
    if has_duty(actor, "activity_confirmer"):
        address = reverse("volunteering:confirm", args=[matter.number])
        links.append(Action(label=_("一起确认"), url=address, icon="check-check"))
    return Panel(facts=facts, public_facts=facts, links=links)


@registry.panel(SIGNUP.kind)
def service(_request: HttpRequest, _actor: Actor, matter: Matter) -> Panel:
    """Who was where from when to when, how it is known, what was decided, what looked odd."""
    row = matter.volunteer_signup
    public = [
        (_("活动"), row.activity.matter.title),
        (_("怎么证明"), row.get_way_display() if row.way else ""),
        (_("签到"), words.full_moment(row.in_at) if row.in_at else ""),
        (_("签退"), words.full_moment(row.out_at) if row.out_at else ""),
        (_("离活动地点（米）"), row.in_metres if row.in_metres is not None else row.out_metres),
        (_("证明的时长（小时）"), hours.in_words(row.claimed) if row.claimed else ""),
        (_("确认的时长（小时）"), hours.in_words(row.minutes) if row.minutes else ""),
        (_("已记积分"), row.points),
        (_("少记积分的原因"), row.unpaid_because),
        (_("确认意见"), row.decision),
    ]
    flags = "；".join(f"{one.get_why_display()} {one.words}".strip() for one in row.flags.all())
    facts = [(_("志愿者"), row.person.name), *public, (_("完成情况"), row.said), (_("提示（由人判断）"), flags)]
    return Panel(facts=told(facts), public_facts=told(public))


@registry.panel(GRANT.kind)
def grant(_request: HttpRequest, _actor: Actor, matter: Matter) -> Panel:
    """Who asked for what, how much was granted, spent and left, line by line."""
    row = matter.team_grant
    lines = list(row.outlays.order_by("spent_on", "pk"))
    left = ledger.balance(grants.of_grant(row)).available
    facts = told(
        [
            (_("团队"), row.team.name),
            (_("用途"), row.purpose),
            (_("申请（元）"), statements.yuan(row.asked_fen)),
            (_("核定（元）"), statements.yuan(row.granted_fen) if row.granted_fen else ""),
            (_("资金来源"), row.source),
            (_("核定意见"), row.decision),
            (_("已花（元）"), statements.yuan(sum(one.fen for one in lines)) if lines else ""),
            (_("还剩（元）"), statements.yuan(left) if row.granted_fen else ""),
        ]
    )
    spent = [
        (f"{one.spent_on:%Y-%m-%d} {one.what}（{one.receipt}）", f"{statements.yuan(one.fen)} 元") for one in lines
    ]
    sections = [registry.Section(title=_("支出"), icon="list", shapes=[Facts(spent)])] if spent else []
    team = Action(label=_("看团队"), url=reverse("volunteering:team", args=[row.team_id]), icon="users")
    return Panel(facts=facts, public_facts=facts, sections=sections, links=[team])
