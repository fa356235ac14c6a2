"""Volunteering, declared: publishing, taking part, proving, confirming, appealing; and a team's small grant."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.volunteering import forms, guards, limits
from linli.affairs.volunteering.models import Activity, Signup
from linli.kernel.matters import (
    START,
    Action,
    Clock,
    Process,
    ReasonForm,
    Stage,
    did,
    duty,
    every,
    overdue,
    reporter,
    residents,
    system,
    who_handled,
)

# -- taking part -------------------------------------------------------------------------------------------------------

WAITING = Stage("waiting", _("候补"), plain=_("名额满了，您在候补；有人退出会自动递补并告诉您"))
SIGNED = Stage("signed", _("已报名"), plain=_("已报名，到时去做，做完签退或交照片"))
PRESENT = Stage("present", _("已签到"), plain=_("已签到，结束时记得签退"))
PROVEN = Stage("proven", _("待确认"), plain=_("做完了，等社区确认"))
CONFIRMED = Stage("confirmed", _("已确认"), plain=_("已确认，时长和积分已记上；有不同意见可以在期限内提出"))
REFUSED = Stage("refused", _("未通过"), plain=_("没有通过确认，理由见下；不同意可以申诉"))
APPEALED = Stage("appealed", _("申诉中"), plain=_("申诉已收到，由街道的人另外看"))
RECORDED = Stage("recorded", _("已记录"), plain=_("已记入您的志愿服务记录"), closed=True)
NOT_COUNTED = Stage("not_counted", _("未计入"), plain=_("没有计入"), closed=True)
KEPT = Stage("kept", _("维持原结论"), plain=_("申诉看过了，维持原来的结论，理由见下"), closed=True)
STRUCK = Stage("struck", _("已撤销"), plain=_("复查后撤销，理由见下；不同意可以申诉"), closed=True)
WITHDRAWN = Stage("withdrawn", _("已退出"), plain=_("已退出"), closed=True)
MISSED = Stage("missed", _("没有参加"), plain=_("没有签到或没有交证明，不计时长，也没有别的影响"), closed=True)

PROVE = Clock("prove", _("交证明"), limit=limits.until_proven)
APPEAL = Clock("appeal", _("提出异议"), limit=limits.appeal)

ORGANISER = duty.activity_organiser.within
CONFIRMER = duty.activity_confirmer.within & ~who_handled
REVIEWER = duty.activity_reviewer.within & ~who_handled

SIGNUP = Process(
    kind="volunteer_signup",
    prefix="VS",
    title=_("参加志愿活动"),
    detail=Signup,
    source="F101",
    pins=("volunteering.rules", "honor.rules"),
    actions=[
        Action("take", START >> SIGNED, title=_("报名"), by=system, starts=[PROVE]),
        Action("wait", START >> WAITING, title=_("候补"), by=system),
        Action("move_up", WAITING >> SIGNED, title=_("递补"), by=system, starts=[PROVE]),
        Action("withdraw", WAITING | SIGNED >> WITHDRAWN, title=_("退出"), by=reporter | ORGANISER, secondary=True),
        Action("drop", WAITING | SIGNED | PRESENT >> WITHDRAWN, title=_("活动取消或已结束"), by=system),
        Action("check_in", SIGNED >> PRESENT, title=_("签到"), by=reporter | ORGANISER, form=forms.CheckForm, guard=guards.no_check_in),
        Action("check_out", PRESENT >> PROVEN, title=_("签退"), by=reporter | ORGANISER, form=forms.CheckForm),
        Action("prove", SIGNED | PRESENT >> PROVEN, title=_("交照片"), by=reporter, form=forms.ProveForm, guard=guards.no_photo),
        Action("sheet", SIGNED | PRESENT >> PROVEN, title=_("按签到表登记"), by=duty.activity_clerk.within, form=forms.SheetForm,
               guard=guards.not_begun, handles=True, secondary=True),
        Action("confirm", PROVEN >> CONFIRMED, title=_("确认"), by=CONFIRMER, form=forms.ConfirmForm, starts=[APPEAL], handles=True,
               stops=[PROVE], expected=True),
        Action("refuse", PROVEN >> REFUSED, title=_("不通过"), by=CONFIRMER, form=ReasonForm, starts=[APPEAL], handles=True,
               stops=[PROVE], alternative=True),
        Action("appeal", CONFIRMED | REFUSED | STRUCK >> APPEALED, title=_("提出异议"), by=reporter, form=forms.AppealForm,
               stops=[APPEAL], guard=guards.too_late_to_appeal, secondary=True),
        Action("correct", APPEALED >> RECORDED, title=_("采纳并更正"), by=REVIEWER, form=forms.CorrectForm, handles=True, expected=True),
        Action("keep", APPEALED >> KEPT, title=_("维持原结论"), by=REVIEWER, form=ReasonForm, handles=True,
               alternative=True),
        Action("record", CONFIRMED >> RECORDED, title=_("期满记录"), after=overdue(APPEAL)),
        Action("end", REFUSED >> NOT_COUNTED, title=_("期满不计"), after=overdue(APPEAL)),
        Action("strike", CONFIRMED | RECORDED >> STRUCK, title=_("撤销"), by=REVIEWER, form=ReasonForm, stops=[APPEAL], handles=True,
               secondary=True),
        Action("miss", SIGNED | PRESENT >> MISSED, title=_("没有参加"), after=overdue(PROVE)),
    ],
)  # fmt: skip

# -- the activity ------------------------------------------------------------------------------------------------------

OPEN = Stage("open", _("招募中"), plain=_("正在招募"))
OVER = Stage("over", _("已结束，待确认"), plain=_("已结束"))
SETTLED = Stage("settled", _("已办结"), plain=_("已结束"), closed=True)
CALLED_OFF = Stage("called_off", _("已取消"), plain=_("已取消"), closed=True)

ENDS = Clock("ends", _("活动结束"), limit=limits.until_end)

ACTIVITY = Process(
    kind="volunteer_activity",
    prefix="V",
    title=_("志愿活动"),
    detail=Activity,
    source="F101 F104",
    pins=("volunteering.rules", "honor.rules"),
    actions=[
        Action("publish", START >> OPEN, title=_("发布"), by=duty.activity_publisher, form=forms.PublishForm, starts=[ENDS]),
        Action("sign_up", OPEN, title=_("报名"), by=residents, form=forms.SignUpForm, guard=guards.over),
        Action("enter", OPEN | OVER, title=_("代人报名"), by=ORGANISER, form=forms.EnterForm, secondary=True),
        Action("change", OPEN, title=_("改名额、地点"), by=ORGANISER, form=forms.ChangeForm, secondary=True),
        Action("fill", OPEN, title=_("候补递补"), on=did(SIGNUP, "withdraw")),
        Action("over", OPEN >> OVER, title=_("活动结束"), after=overdue(ENDS)),
        Action("all_done", OVER >> SETTLED, title=_("全部办结"), on=every(SIGNUP)),
        Action("settle", OVER >> SETTLED, title=_("办结"), by=ORGANISER, guard=guards.still_open, expected=True),
        Action("call_off", OPEN >> CALLED_OFF, title=_("取消活动"), by=ORGANISER, form=forms.CallOffForm, stops=[ENDS], secondary=True),
    ],
)  # fmt: skip
