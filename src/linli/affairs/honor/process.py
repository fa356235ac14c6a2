"""The processes of the honor market, as tables: redeeming, giving goods, commending (F95-F98, F102)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.honor import forms, guards, limits
from linli.affairs.honor.models import Commendation, Donation, Notice, Redemption
from linli.kernel.matters import (
    ANY_OPEN,
    START,
    Action,
    Clock,
    Process,
    Stage,
    duty,
    overdue,
    reporter,
    residents,
    who_handled,
)
from linli.kernel.matters.rules import system

# -- 兑物品 -----------------------------------------------------------------------------------------------------------

RESERVED = Stage("reserved", _("已预约"), plain=_("给您留着，凭码来领"))
HANDED = Stage("handed", _("已领取"), plain=_("已领取"), closed=True)
CANCELLED = Stage("cancelled", _("已取消"), plain=_("已取消，积分退回"), closed=True)
EXPIRED = Stage("expired", _("过期未领"), plain=_("没有按时来领，积分退回"), closed=True)
TAKEN_BACK = Stage("taken_back", _("已退还"), plain=_("东西退回来了，积分退回"), closed=True)

PICK_UP = Clock("pick_up", _("领取"), limit=limits.pick_up)

REDEMPTION = Process(
    kind="redemption",
    prefix="H",
    title=_("积分兑换"),
    detail=Redemption,
    reads=("member", "batch"),
    source="F95 F96 F102",
    pins=("honor.rules",),
    actions=[
        Action("reserve", START >> RESERVED, title=_("预约兑换"), by=residents, form=forms.ReserveForm, starts=[PICK_UP]),
        Action("draw", START >> RESERVED, title=_("抽中预留"), by=system, form=forms.DrawnForm, starts=[PICK_UP]),
        Action("hand_out", START >> HANDED, title=_("柜台兑换"), by=duty.shop_keeper, form=forms.HandOutForm),
        Action("confirm", RESERVED >> HANDED, title=_("核码交付"), by=duty.shop_keeper.within, form=forms.ConfirmForm,
               stops=[PICK_UP], expected=True),
        Action("give_on", RESERVED, title=_("送给别人"), by=reporter, form=forms.GiveOnForm, secondary=True),
        Action("cancel", RESERVED >> CANCELLED, title=_("取消预约"), by=reporter | duty.shop_keeper.within, stops=[PICK_UP],
               secondary=True),
        Action("expire", RESERVED >> EXPIRED, title=_("过期退回"), after=overdue(PICK_UP)),
        Action("take_back", HANDED >> TAKEN_BACK, title=_("退还"), by=duty.shop_keeper.within, form=forms.TakeBackForm,
               guard=guards.too_late_to_take_back, secondary=True),
    ],
)  # fmt: skip

# -- 捐赠 -------------------------------------------------------------------------------------------------------------

OFFERED = Stage("offered", _("待接收"), plain=_("已登记，请联系送到接收点"))
RECEIVED = Stage("received", _("已接收"), plain=_("已接收，收据号见下"), closed=True)
DECLINED = Stage("declined", _("未接收"), plain=_("没有接收，理由见下"), closed=True)

DONATION = Process(
    kind="donation",
    prefix="D",
    title=_("爱心捐赠"),
    detail=Donation,
    source="F97",
    pins=("honor.rules",),
    actions=[
        Action("offer", START >> OFFERED, title=_("登记捐赠"), by=residents | duty.donation_clerk, form=forms.OfferForm),
        Action("receive", OFFERED >> RECEIVED, title=_("接收并开收据"), by=duty.donation_clerk.within, form=forms.ReceiveForm,
               expected=True),
        Action("decline", OFFERED >> DECLINED, title=_("不接收"), by=duty.donation_clerk.within, form=forms.DeclineForm,
               secondary=True, alternative=True),
    ],
)  # fmt: skip

# -- 评选“文明市民” --------------------------------------------------------------------------------------------------

NOMINATED = Stage("nominated", _("公示"), plain=_("正在公示，对事迹有不同意见可以提"))
SHOWN = Stage("shown", _("待评定"), plain=_("公示期满，等待评定"))
AWARDED = Stage("awarded", _("已授予"), plain=_("已授予"), closed=True)
NOT_AWARDED = Stage("not_awarded", _("未授予"), plain=_("未授予"), closed=True)

PUBLICITY = Clock("publicity", _("公示"), limit=limits.publicity)

COMMENDATION = Process(
    kind="commendation",
    prefix="K",
    title=_("评选表彰"),
    detail=Commendation,
    source="F98",
    pins=("honor.rules",),
    actions=[
        Action("nominate", START >> NOMINATED, title=_("推荐并公示"), by=duty.honor_nominator, form=forms.NominateForm,
               starts=[PUBLICITY]),
        Action("object", ANY_OPEN, title=_("记录不同意见"), by=duty.honor_nominator.within, form=forms.ObjectionForm,
               secondary=True),
        Action("shown", NOMINATED >> SHOWN, title=_("公示期满"), after=overdue(PUBLICITY)),
        Action("award", SHOWN >> AWARDED, title=_("授予"), by=duty.honor_awarder, form=forms.DecisionForm, expected=True),
        Action("decide_against", NOMINATED | SHOWN >> NOT_AWARDED, title=_("不予授予"), by=duty.honor_awarder.within,
               form=forms.DecisionForm, stops=[PUBLICITY], secondary=True),
    ],
)  # fmt: skip

# -- 积分告知与申诉 ---------------------------------------------------------------------------------------------------

TOLD = Stage("told", _("已告知"), plain=_("您不同意可以申诉"))
APPEALED = Stage("appealed", _("申诉中"), plain=_("已转给另一位工作人员复核"))
STANDS = Stage("stands", _("没有申诉"), plain=_("申诉期已过"), closed=True)
UPHELD = Stage("upheld", _("维持"), plain=_("复核维持，理由见下"), closed=True)
CORRECTED = Stage("corrected", _("改正"), plain=_("申诉成立，已改正"), closed=True)

APPEAL = Clock("appeal", _("申诉期"), limit=limits.appeal)
DECIDE = Clock("decide", _("申诉复核"), limit=limits.appeal_decided)

NOTICE = Process(
    kind="points_notice",
    prefix="JF",
    title=_("积分告知"),
    detail=Notice,
    source="F103 A17",
    pins=("honor.rules",),
    actions=[
        Action("tell", START >> TOLD, title=_("告知"), form=forms.TellForm, starts=[APPEAL], handles=True,
               by=system | duty.points_confirmer | duty.points_reviewer | duty.covenant_keeper),
        Action("appeal", TOLD >> APPEALED, title=_("我要申诉"), by=reporter, form=forms.AppealForm, stops=[APPEAL], starts=[DECIDE],
               expected=True),
        Action("take_down", TOLD >> APPEALED, title=_("代为登记申诉"), by=duty.points_confirmer.within, form=forms.AppealForm,
               stops=[APPEAL], starts=[DECIDE], handles=True),
        Action("correct", APPEALED >> CORRECTED, title=_("改正"), by=duty.points_reviewer & ~who_handled, form=forms.AnswerForm,
               stops=[DECIDE], expected=True),
        Action("uphold", APPEALED >> UPHELD, title=_("维持"), by=duty.points_reviewer & ~who_handled, form=forms.AnswerForm,
               stops=[DECIDE], alternative=True),
        Action("stand", TOLD >> STANDS, title=_("申诉期满"), after=overdue(APPEAL)),
    ],
)  # fmt: skip
