"""The procedures of whistles, declared.

A whistle runs through the six links of 五华: 问题收集—街道吹哨—部门报到—处理反馈—核实结项—综合评价 (C46). What each unit
that is called owes is a share, a matter of its own under the whistle; nothing closes while a share is open
(事不了、人不撤，案不结、哨不停). What cannot be done is split off only as a dated remainder on account.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.instructions.forms import InstructForm
from linli.affairs.cases.instructions.process import INSTRUCTION
from linli.affairs.objections.process import OBJECTION
from linli.affairs.whistles import forms, guards, limits
from linli.affairs.whistles.appeals.forms import AppealForm
from linli.affairs.whistles.appeals.process import APPEAL
from linli.affairs.whistles.models import Remainder, ReportIn, Whistle
from linli.kernel.matters import (
    ANY_OPEN,
    START,
    Action,
    Clock,
    Process,
    Stage,
    approval,
    did,
    duty,
    every,
    link_bearer,
    overdue,
    system,
    who_handled,
)

# -- a remainder on account (挂账) --------------------------------------------------------------------------------

ON_ACCOUNT = Stage("on_account", _("挂账"))
DONE_LATER = Stage("done_later", _("已完成，待核实"))
SETTLED = Stage("settled", _("销账"), closed=True)

LATER = Clock("later", _("计划完成日"), limit=limits.planned)

REMAINDER = Process(
    kind="remainder",
    prefix="L",
    title=_("挂账事项"),
    detail=Remainder,
    source="C46 R35",
    actions=[
        Action("keep", START >> ON_ACCOUNT, title=_("挂账"), by=system, starts=[LATER]),
        Action("finish", ON_ACCOUNT >> DONE_LATER, title=_("报完成"), by=duty.handler, form=forms.FinishForm, handles=True,
               stops=[LATER], expected=True),
        Action("postpone", ON_ACCOUNT, title=_("申请改期"), by=duty.handler, form=forms.PostponeForm, needs=approval("suspension"),
               moves=[LATER], secondary=True),
        Action("confirm", DONE_LATER >> SETTLED, title=_("核实销账"), by=duty.verifier.within & ~who_handled,
               form=forms.VerifyForm, expected=True),
        Action("refuse", DONE_LATER >> ON_ACCOUNT, title=_("核实未完成"), by=duty.verifier.within & ~who_handled,
               form=forms.NotDoneForm, alternative=True),
        Action("remind", ON_ACCOUNT, title=_("挂账到期"), after=overdue(LATER)),
    ],
)  # fmt: skip

# -- a unit's share (部门报到) --------------------------------------------------------------------------------------

CALLED_IN = Stage("called_in", _("待签收"))
SIGNED = Stage("signed", _("待到场"))
ON_SITE = Stage("on_site", _("处置中"))
SUSPENDED = Stage("suspended", _("挂账"))
REPLIED = Stage("replied", _("已反馈"), closed=True)
GIVEN_BACK = Stage("given_back", _("异议成立，已改派"), closed=True)
RECALLED = Stage("recalled", _("已收回"), closed=True)

SIGN = Clock("sign", _("签收"), limit=limits.step("sign"))
CONTACT = Clock("contact", _("联系街道"), limit=limits.step("contact"))
ARRIVE = Clock("arrive", _("到场报到"), limit=limits.step("arrive"))
FEEDBACK = Clock("feedback", _("首次反馈"), limit=limits.step("feedback"))
CLOSE = Clock("close", _("办结"), limit=limits.step("close"))
PLANNED = Clock("planned", _("挂账到期"), limit=limits.planned)

ASKED = duty.handler | link_bearer
CALLER = duty.dispatcher.within

REPORT_IN = Process(
    kind="report_in",
    prefix="R",
    title=_("部门报到"),
    detail=ReportIn,
    source="C43 C46 C53 R6 R10 R15",
    pins=("whistles.sets", "matters.clocks"),
    actions=[
        # All clocks start at dispatch, not when somebody presses a button (R33).
        Action("call", START >> CALLED_IN, title=_("派哨"), by=system, starts=[SIGN, CONTACT, ARRIVE, FEEDBACK, CLOSE]),
        Action("sign", CALLED_IN >> SIGNED, title=_("签收"), by=ASKED, stops=[SIGN], expected=True),
        Action("sign_for", CALLED_IN >> SIGNED, title=_("代签收"), by=CALLER, form=forms.CallForm, stops=[SIGN], secondary=True),
        Action("sign_itself", CALLED_IN >> SIGNED, title=_("到时视同签收"), after=overdue(SIGN), stops=[SIGN]),
        Action("contact", CALLED_IN | SIGNED | ON_SITE, title=_("已联系街道"), by=ASKED, form=forms.ContactForm,
               guard=guards.already_contacted, stops=[CONTACT]),
        Action("arrive", SIGNED >> ON_SITE, title=_("到场报到"), by=ASKED, form=forms.ArriveForm, stops=[ARRIVE, CONTACT],
               handles=True, expected=True),
        Action("arrive_for", SIGNED >> ON_SITE, title=_("代报到"), by=CALLER, form=forms.ArriveForForm, stops=[ARRIVE, CONTACT],
               secondary=True),
        Action("tell", ON_SITE, title=_("首次反馈"), by=ASKED, form=forms.TellForm, guard=guards.already_told, stops=[FEEDBACK],
               handles=True),
        Action("reply", ON_SITE >> REPLIED, title=_("反馈办结"), by=ASKED, form=forms.ReplyForm, handles=True,
               stops=[CLOSE, FEEDBACK], expected=True),
        Action("reply_for", ON_SITE >> REPLIED, title=_("代反馈"), by=CALLER, form=forms.ReplyForForm, handles=True,
               stops=[CLOSE, FEEDBACK], secondary=True),
        Action("extend", SIGNED | ON_SITE, title=_("申请延期"), by=duty.handler, form=forms.ShareExtendForm,
               needs=approval("extension", choose=limits.extension_chain), guard=guards.may_not_extend, moves=[CLOSE], secondary=True),
        Action("suspend", ON_SITE >> SUSPENDED, title=_("申请挂账"), by=duty.handler, form=forms.SuspendForm,
               needs=approval("suspension"), guard=guards.never_suspended, pauses=[CLOSE, FEEDBACK], starts=[PLANNED], secondary=True),
        Action("resume", SUSPENDED >> ON_SITE, title=_("恢复处置"), by=duty.handler | CALLER, resumes=[CLOSE, FEEDBACK],
               stops=[PLANNED], expected=True),
        Action("resume_itself", SUSPENDED >> ON_SITE, title=_("挂账到期恢复"), after=overdue(PLANNED), resumes=[CLOSE, FEEDBACK],
               stops=[PLANNED]),
        Action("split_off", ON_SITE, title=_("申请剩余部分挂账"), by=duty.handler, form=forms.SplitForm, needs=approval("suspension"),
               opens=[REMAINDER], secondary=True),
        Action("object", CALLED_IN | SIGNED | ON_SITE | SUSPENDED, title=_("提出异议（退单）"), by=duty.handler, form=forms.ObjectForm,
               guard=guards.may_not_object, opens=[OBJECTION], secondary=True),
        Action("give_back", CALLED_IN | SIGNED | ON_SITE | SUSPENDED >> GIVEN_BACK, title=_("异议成立，改派"),
               on=did(OBJECTION, "sustain", "sustain_jointly")),
        Action("recall", CALLED_IN | SIGNED | ON_SITE | SUSPENDED >> RECALLED, title=_("收回"), by=system),
        Action("appeal", REPLIED, title=_("申诉得分"), by=duty.handler, form=AppealForm, guard=guards.may_not_appeal, opens=[APPEAL],
               secondary=True),
        Action("redo", REPLIED >> ON_SITE, title=_("返工"), by=system, starts=[CLOSE]),
        Action("urge", ANY_OPEN, title=_("催办"), by=duty.urger.within, form=forms.UrgeForm, secondary=True),
        Action("supervise", ANY_OPEN, title=_("超时督办"), after=overdue(CLOSE)),
    ],
)  # fmt: skip

# -- a whistle --------------------------------------------------------------------------------------------------------

COLLECTED = Stage("collected", _("问题收集"))
BLOWN = Stage("blown", _("街道吹哨"))
CALLED = Stage("called", _("部门报到"))
HANDLING = Stage("handling", _("处理反馈"))
FED_BACK = Stage("fed_back", _("核实结项"))
VERIFIED = Stage("verified", _("综合评价（街道评单位）"))
RATED = Stage("rated", _("综合评价（群众评整体）"))
EVALUATED = Stage("evaluated", _("已评价归档"), closed=True)
TURNED_DOWN = Stage("turned_down", _("不属吹哨"), closed=True)
WITHDRAWN = Stage("withdrawn", _("已撤回"), closed=True)

REVIEW = Clock("review", _("受理派哨"), limit=limits.step("review"))
RATIFY = Clock("ratify", _("补办审批"), limit=limits.ratify)
VERIFY = Clock("verify", _("核实"), limit=limits.step("verify"))
EVALUATE = Clock("evaluate", _("评价"), limit=limits.step("evaluate"))

BLOWER = duty.whistler

WHISTLE = Process(
    kind="whistle",
    prefix="W",
    title=_("哨件"),
    detail=Whistle,
    source="C43 C45 C46 C47 C48 C50 C52",
    pins=("whistles.sets", "whistles.scorecard", "cases.categories"),
    actions=[
        # 问题收集: from cases or from nothing
        Action("collect", START >> COLLECTED, title=_("登记哨件"), by=BLOWER, form=forms.CollectForm),
        Action("amend", COLLECTED, title=_("补正"), by=BLOWER, form=forms.AmendForm, secondary=True),
        Action("withdraw", COLLECTED >> WITHDRAWN, title=_("撤回"), by=BLOWER, form=forms.OptionalReasonForm, secondary=True),
        # 街道吹哨: the leader agrees; 应急 goes out first
        Action("blow", COLLECTED >> BLOWN, title=_("吹哨"), by=BLOWER, form=forms.BlowForm, needs=approval("whistle", choose=limits.chain_of),
               guard=guards.urgent_goes_first, starts=[REVIEW], expected=True),
        Action("blow_first", COLLECTED >> BLOWN, title=_("应急先吹"), by=BLOWER, form=forms.BlowForm, guard=guards.only_urgent, starts=[REVIEW, RATIFY]),
        Action("ratify", ANY_OPEN, title=_("补办审批"), by=duty.street_whistler.within | duty.district_whistler.within,
               needs=approval("whistle", choose=limits.chain_of), guard=guards.nothing_to_ratify, stops=[RATIFY]),
        Action("ratify_late", ANY_OPEN, title=_("补批超时"), after=overdue(RATIFY)),
        Action("complete", BLOWN >> COLLECTED, title=_("退回补正"), by=duty.dispatcher, form=forms.CompleteForm, stops=[REVIEW],
               secondary=True),
        Action("turn_down", BLOWN >> TURNED_DOWN, title=_("不属吹哨"), by=duty.dispatcher, form=forms.TurnDownForm, secondary=True),
        # 部门报到
        Action("dispatch", BLOWN >> CALLED, title=_("受理派哨"), by=duty.dispatcher, form=forms.DispatchForm, opens=[REPORT_IN],
               stops=[REVIEW], expected=True),
        Action("rise", BLOWN | CALLED | HANDLING >> COLLECTED, title=_("上升一级"),
               by=duty.dispatcher | duty.community_whistler.within, form=forms.RiseForm, guard=guards.cannot_rise, stops=[REVIEW],
               secondary=True),
        Action("rise_itself", BLOWN >> COLLECTED, title=_("无人受理，上升一级"), after=overdue(REVIEW), guard=guards.cannot_rise,
               stops=[REVIEW]),
        Action("add_unit", CALLED | HANDLING, title=_("增派协办"), by=CALLER, form=forms.AddUnitForm, opens=[REPORT_IN],
               secondary=True),
        Action("replace", CALLED | HANDLING, title=_("改派单位"), by=CALLER, form=forms.ReplaceForm, opens=[REPORT_IN],
               secondary=True),
        Action("redispatch", CALLED | HANDLING, title=_("按裁定改派"), on=did(REPORT_IN, "give_back"), opens=[REPORT_IN]),
        # 处理反馈
        Action("begin", CALLED >> HANDLING, title=_("单位到场"), on=did(REPORT_IN, "arrive", "arrive_for")),
        Action("gather", CALLED | HANDLING >> FED_BACK, title=_("各单位反馈齐全"), on=every(REPORT_IN), starts=[VERIFY]),
        # 核实结项: never by who handled
        Action("verify", FED_BACK >> VERIFIED, title=_("核实通过，结项"), by=duty.verifier.within & ~who_handled,
               form=forms.VerifyForm, guard=guards.not_ratified, stops=[VERIFY], starts=[EVALUATE], expected=True),
        Action("rework", FED_BACK >> HANDLING, title=_("退回返工"), by=duty.verifier.within & ~who_handled, form=forms.ReworkForm,
               stops=[VERIFY], alternative=True),
        # 综合评价: each unit by the street, the whole by those affected
        Action("rate_units", VERIFIED >> RATED, title=_("评价各单位"), by=duty.evaluator & ~who_handled, form=forms.RateUnitsForm,
               expected=True),
        Action("rate_whole", RATED >> EVALUATED, title=_("评价整件"), by=duty.whole_rater & ~who_handled,
               form=forms.RateWholeForm, expected=True, stops=[EVALUATE]),
        Action("close_unrated", RATED >> EVALUATED, title=_("到时未评，归档"), after=overdue(EVALUATE)),
        Action("settle_duty", CALLED | HANDLING | FED_BACK | VERIFIED | RATED | EVALUATED, title=_("确定权属和费用"),
               by=CALLER, form=forms.SettleDutyForm, guard=guards.nothing_to_settle, secondary=True),
        # at any time
        Action("urge", ANY_OPEN, title=_("催办"), by=duty.urger.within, form=forms.UrgeForm, secondary=True),
        Action("supervise", ANY_OPEN, title=_("督办"), by=duty.supervisor.within, form=forms.SuperviseForm, secondary=True),
        Action("remark", ANY_OPEN, title=_("监督意见"), by=duty.commenter.within, form=forms.RemarkForm, secondary=True),
        Action("instruct", ANY_OPEN, title=_("登记批示"), by=duty.instructor.within, form=InstructForm, opens=[INSTRUCTION],
               secondary=True),
    ],
)  # fmt: skip
