"""The procedures of cases, declared.

*Filed* cases run through the seven stages of GB/T 30428: 信息收集, 案卷建立, 任务派遣, 任务处理, 处理反馈, 核实结案,
综合评价 (R41), inside the nested loops 社区微循环, 街道小循环, 区级中循环 (R16, C52). What a unit owes is a *task*, a
matter of its own under the case. What a grid member settles on the spot is a *spot*, counted apart.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.cases import forms, guards, limits
from linli.affairs.cases.instructions.forms import InstructForm
from linli.affairs.cases.instructions.process import INSTRUCTION
from linli.affairs.cases.models import Case, Spot, Task
from linli.affairs.objections.forms import ObjectForm
from linli.affairs.objections.guards import may_not_object
from linli.affairs.objections.process import OBJECTION
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
    reporter,
    residents,
    system,
    who_handled,
)

# -- on the spot (即查即改) --------------------------------------------------------------------------------------

SETTLED = Stage("settled", _("当场处置"), closed=True)
CONFIRMED = Stage("confirmed", _("抽查属实"), closed=True)
DOUBTED = Stage("doubted", _("抽查不实"), closed=True)

SPOT = Process(
    kind="spot",
    prefix="J",
    title=_("即查即改"),
    detail=Spot,
    source="B33 B37 C43",
    pins=("cases.categories", "cases.recheck"),
    actions=[
        Action("settle", START >> SETTLED, title=_("当场处置"), by=duty.settler, form=forms.SettleForm, handles=True),
        Action("confirm", SETTLED >> CONFIRMED, title=_("复看属实"), by=duty.rechecker.within & ~who_handled,
               form=forms.LookForm, guard=guards.not_drawn),
        Action("doubt", SETTLED >> DOUBTED, title=_("复看不实"), by=duty.rechecker.within & ~who_handled,
               form=forms.DoubtForm, guard=guards.not_drawn),
    ],
)  # fmt: skip

# -- a unit's task ------------------------------------------------------------------------------------------------

SENT = Stage("sent", _("待签收"))
SIGNED = Stage("signed", _("处置中"))
SUSPENDED = Stage("suspended", _("挂账"))
ANSWERED_BACK = Stage("answered_back", _("已反馈"), closed=True)
RETURNED = Stage("returned", _("异议成立，已改派"), closed=True)
RECALLED = Stage("recalled", _("已收回"), closed=True)

SIGN = Clock("sign", _("签收"), limit=limits.sign)
CONTACT = Clock("contact", _("联系反映人"), limit=limits.contact)
HANDLE = Clock("handle", _("处置"), limit=limits.handle)
PLANNED = Clock("planned", _("挂账到期"), limit=limits.planned)

TASK = Process(
    kind="task",
    prefix="T",
    title=_("单位任务"),
    detail=Task,
    source="B33 C46 R35 R42",
    pins=("cases.limits", "cases.categories", "matters.clocks"),
    actions=[
        # Clocks start at dispatch, not when somebody presses a button (R33).
        Action("send", START >> SENT, title=_("派遣"), by=system, starts=[SIGN, CONTACT, HANDLE]),
        Action("sign", SENT >> SIGNED, title=_("签收"), by=duty.handler | link_bearer, stops=[SIGN], expected=True),
        Action("sign_for", SENT >> SIGNED, title=_("代签收"), by=duty.dispatcher.within, form=forms.CallForm,
               stops=[SIGN], secondary=True),
        Action("sign_itself", SENT >> SIGNED, title=_("到时视同签收"), after=overdue(SIGN), stops=[SIGN]),
        Action("contact", SENT | SIGNED, title=_("已联系反映人"), by=duty.handler | link_bearer,
               form=forms.ContactForm, guard=guards.nobody_to_contact, stops=[CONTACT], handles=True),
        Action("feed_back", SIGNED >> ANSWERED_BACK, title=_("反馈处置结果"), by=duty.handler | link_bearer,
               form=forms.FeedBackForm, handles=True, stops=[HANDLE, CONTACT], expected=True),
        Action("feed_back_for", SIGNED >> ANSWERED_BACK, title=_("代反馈"), by=duty.dispatcher.within,
               form=forms.FeedBackForForm, handles=True, stops=[HANDLE, CONTACT], secondary=True),
        Action("extend", SIGNED, title=_("申请延期"), by=duty.handler, form=forms.ExtendForm,
               needs=approval("extension"), guard=guards.extended_before, moves=[HANDLE], secondary=True),
        Action("extend_again", SIGNED, title=_("申请再次延期"), by=duty.handler, form=forms.ExtendForm,
               needs=approval("extension_again"), guard=guards.not_extended_yet, moves=[HANDLE], secondary=True),
        Action("suspend", SIGNED >> SUSPENDED, title=_("申请挂账"), by=duty.handler, form=forms.SuspendForm,
               needs=approval("suspension"), pauses=[HANDLE], starts=[PLANNED], secondary=True),
        Action("resume", SUSPENDED >> SIGNED, title=_("恢复处置"), by=duty.handler | duty.dispatcher.within,
               resumes=[HANDLE], stops=[PLANNED], expected=True),
        Action("resume_itself", SUSPENDED >> SIGNED, title=_("挂账到期恢复"), after=overdue(PLANNED),
               resumes=[HANDLE], stops=[PLANNED]),
        Action("object", SENT | SIGNED | SUSPENDED, title=_("提出异议（退单）"), by=duty.handler, form=ObjectForm,
               guard=may_not_object, opens=[OBJECTION], secondary=True),
        Action("give_back", SENT | SIGNED | SUSPENDED >> RETURNED, title=_("异议成立，改派"),
               on=did(OBJECTION, "sustain", "sustain_jointly")),
        Action("recall", SENT | SIGNED | SUSPENDED >> RECALLED, title=_("收回"), by=system | duty.dispatcher.within,
               form=forms.OptionalReasonForm, secondary=True),
        Action("urge", ANY_OPEN, title=_("催办"), by=duty.urger.within, form=forms.UrgeForm, secondary=True),
        Action("supervise", ANY_OPEN, title=_("超时督办"), after=overdue(HANDLE)),
    ],
)  # fmt: skip

# -- a filed case ---------------------------------------------------------------------------------------------------

COLLECTED = Stage("collected", _("信息收集"), plain=_("已收到，社区正在核实"))
FILED = Stage("filed", _("案卷建立"), plain=_("已立案，正在安排由谁来办"))
DISPATCHED = Stage("dispatched", _("任务派遣"), plain=_("已派给承办单位，等它签收"))
HANDLING = Stage("handling", _("任务处理"), plain=_("承办单位正在处理"))
FED_BACK = Stage("fed_back", _("处理反馈"), plain=_("承办单位说办好了，正在请没有参与处理的人去看"))
VERIFIED = Stage("verified", _("核实结案"), plain=_("已核实，等您说一声办好没有"))
DISPUTED = Stage("disputed", _("上级复核"), plain=_("您不认可，上一级正在复核"))
FOLLOWING = Stage("following", _("随主件办理"), plain=_("与另一件是同一件事，一起办，办完同样回访您"))
EVALUATED = Stage("evaluated", _("综合评价"), plain=_("已办结"), closed=True)
ANSWERED = Stage("answered", _("当场答复"), plain=_("已当场答复"), closed=True)
NOT_FILED = Stage("not_filed", _("不予立案"), plain=_("未立案，理由见下"), closed=True)
REDIRECTED = Stage("redirected", _("转其他渠道"), plain=_("这件事有专门的渠道，见下"), closed=True)
WITHDRAWN = Stage("withdrawn", _("已撤回"), plain=_("已按您的要求撤回"), closed=True)

EVERYWHERE = (
    COLLECTED
    | FILED
    | DISPATCHED
    | HANDLING
    | FED_BACK
    | VERIFIED
    | DISPUTED
    | FOLLOWING
    | EVALUATED
    | ANSWERED
    | NOT_FILED
)

FILE = Clock("file", _("核实立案"), limit=limits.step("file"))
DISPATCH = Clock("dispatch", _("派遣"), limit=limits.step("dispatch"))
VERIFY = Clock("verify", _("核查"), limit=limits.step("verify"))
CALL_BACK = Clock("call_back", _("回访"), limit=limits.step("call_back"))
REVIEW = Clock("review", _("复核"), limit=limits.review)
RESIDENT = Clock("resident", _("对反映人的期限"), limit=limits.resident, resident=True)

CASE = Process(
    kind="case",
    prefix="C",
    title=_("案件"),
    detail=Case,
    source="B35 B37 C46 C50 C52",
    public=True,
    pins=("cases.categories", "cases.limits", "cases.callback", "cases.exclusions", "cases.rates"),
    actions=[
        # 信息收集: four doors, one procedure. A patrol's report may be filed at once (R40).
        Action("report", START >> COLLECTED, title=_("居民上报"), by=residents, form=forms.ReportForm,
               starts=[FILE, RESIDENT]),
        Action("register", START >> COLLECTED, title=_("代登记"), by=duty.intake_clerk, form=forms.RegisterForm,
               starts=[FILE, RESIDENT]),
        Action("patrol", START >> FILED, title=_("巡查上报"), by=duty.reporter, form=forms.PatrolForm, starts=[DISPATCH]),
        Action("receive", START >> COLLECTED, title=_("外部工单转入"), by=duty.hotline_clerk | system,
               form=forms.OrderForm, starts=[FILE, RESIDENT]),
        Action("reply", START >> ANSWERED, title=_("当场答复并登记"), by=duty.intake_clerk, form=forms.ReplyForm),
        Action("look", COLLECTED, title=_("现场核实"), by=duty.verifier.within, form=forms.CheckForm),
        Action("answer", COLLECTED >> ANSWERED, title=_("答复办结"), by=duty.filer, form=forms.AnswerForm, stops=[FILE, RESIDENT],
               secondary=True),
        # 案卷建立
        Action("file", COLLECTED >> FILED, title=_("立案"), by=duty.filer, form=forms.FileForm, stops=[FILE],
               starts=[DISPATCH], expected=True),
        Action("refuse", COLLECTED >> NOT_FILED, title=_("不予立案"), by=duty.filer, form=forms.RefuseForm,
               needs=approval("not_filed"), secondary=True),
        Action("redirect", COLLECTED >> REDIRECTED, title=_("转其他渠道"), by=duty.filer, form=forms.RedirectForm,
               secondary=True),
        Action("merge", COLLECTED | FILED >> FOLLOWING, title=_("并案"), by=duty.merger.within, form=forms.MergeForm,
               stops=[FILE, DISPATCH], secondary=True),
        Action("unmerge", FOLLOWING >> COLLECTED, title=_("拆分"), by=duty.merger.within, form=forms.UnmergeForm,
               starts=[FILE], expected=True),
        Action("go_along", COLLECTED | FILED >> FOLLOWING, title=_("随哨件办理"), by=system, stops=[FILE, DISPATCH]),
        Action("come_back", FOLLOWING >> COLLECTED, title=_("哨件未成，重新办理"), by=system, starts=[FILE]),
        Action("follow", FOLLOWING >> VERIFIED, title=_("随主件核实"), by=system, starts=[CALL_BACK]),
        # 任务派遣, within the loops
        Action("raise_up", FILED, title=_("向上请办"), by=duty.dispatcher, form=forms.RaiseForm, guard=guards.at_the_top,
               secondary=True),
        Action("send_down", FILED, title=_("向下派遣"), by=duty.dispatcher, form=forms.SendDownForm,
               guard=guards.at_the_bottom, secondary=True),
        Action("dispatch", FILED >> DISPATCHED, title=_("派遣"), by=duty.dispatcher, form=forms.DispatchForm, opens=[TASK],
               stops=[DISPATCH], expected=True),
        Action("add_unit", DISPATCHED | HANDLING, title=_("增派协办"), by=duty.dispatcher.within, form=forms.AddUnitForm,
               opens=[TASK], secondary=True),
        Action("redispatch", DISPATCHED | HANDLING, title=_("按裁定改派"), on=did(TASK, "give_back"), opens=[TASK]),
        Action("returned", DISPATCHED | HANDLING >> FILED, title=_("收回重派"), on=did(TASK, "recall"), starts=[DISPATCH]),
        # 任务处理, 处理反馈
        Action("begin", DISPATCHED >> HANDLING, title=_("开始处理"), on=did(TASK, "sign", "sign_for", "sign_itself")),
        Action("gather", DISPATCHED | HANDLING >> FED_BACK, title=_("单位反馈齐全"), on=every(TASK), starts=[VERIFY]),
        # 核实结案: never by who handled
        Action("verify", FED_BACK >> VERIFIED, title=_("核查通过"), by=duty.verifier.within & ~who_handled, form=forms.VerifyForm,
               stops=[VERIFY], starts=[CALL_BACK], expected=True),
        Action("next_phase", FED_BACK >> FILED, title=_("本阶段通过，进入下一阶段"), by=duty.verifier.within & ~who_handled,
               form=forms.VerifyForm, guard=guards.last_phase, stops=[VERIFY], starts=[DISPATCH]),
        Action("rework", FED_BACK >> DISPATCHED, title=_("退回返工"), by=duty.verifier.within & ~who_handled,
               form=forms.ReworkForm, opens=[TASK], stops=[VERIFY], alternative=True),
        Action("explain", FED_BACK >> VERIFIED, title=_("说明性办结"), by=duty.dispatcher.within, form=forms.ExplainForm,
               needs=approval("explained"), stops=[VERIFY], starts=[CALL_BACK], secondary=True),
        # 综合评价: the resident's verdict is what makes it resolved
        Action("judge", VERIFIED >> EVALUATED, title=_("评价"), by=reporter, form=forms.JudgeForm, stops=[CALL_BACK, RESIDENT]),
        Action("dispute", VERIFIED >> DISPUTED, title=_("没有解决，请复核"), by=reporter, form=forms.DisputeForm,
               guard=guards.reviewed_before, stops=[CALL_BACK], starts=[REVIEW]),
        Action("try_call", VERIFIED, title=_("回访未接通"), by=duty.call_backer.within & ~who_handled, form=forms.TryForm),
        Action("take_verdict", VERIFIED >> EVALUATED, title=_("记录回访结论"), by=duty.call_backer & ~who_handled,
               form=forms.TakeVerdictForm, stops=[CALL_BACK, RESIDENT], expected=True, handles=True),
        Action("call_again", EVALUATED, title=_("再次回访"), by=duty.call_backer.within & ~who_handled,
               form=forms.TakeVerdictForm, guard=guards.not_drawn_again),
        Action("take_dispute", VERIFIED >> DISPUTED, title=_("反映人不认可，转复核"), by=duty.call_backer & ~who_handled,
               form=forms.DisputeForm, guard=guards.reviewed_before, stops=[CALL_BACK], starts=[REVIEW]),
        Action("give_up", VERIFIED >> EVALUATED, title=_("未能回访，办结"), by=duty.call_backer & ~who_handled,
               form=forms.OptionalReasonForm, guard=guards.not_tried_enough, stops=[CALL_BACK, RESIDENT], secondary=True),
        Action("close_unjudged", VERIFIED >> EVALUATED, title=_("无联系方式，到时办结"), after=overdue(CALL_BACK),
               guard=guards.can_be_reached, stops=[RESIDENT]),
        Action("archive", VERIFIED >> EVALUATED, title=_("无反映人，归档"), by=system, stops=[CALL_BACK]),
        Action("redo", DISPUTED >> FILED, title=_("复核属实，重新办理"), by=duty.reviewer & ~who_handled, form=forms.ReviewForm,
               stops=[REVIEW], starts=[DISPATCH], expected=True),
        Action("uphold", DISPUTED >> EVALUATED, title=_("复核决定：未解决并说明"), by=duty.reviewer & ~who_handled,
               form=forms.ReviewForm, stops=[REVIEW, RESIDENT], alternative=True),
        Action("reopen", EVALUATED >> FILED, title=_("又出现了，重开"), by=reporter | duty.call_backer.within | duty.dispatcher.within,
               form=forms.ReopenForm, guard=guards.too_late_to_reopen, starts=[DISPATCH, RESIDENT]),
        Action("withdraw", COLLECTED | FILED >> WITHDRAWN, title=_("撤回"), by=reporter, form=forms.OptionalReasonForm,
               secondary=True),
        # at any time
        Action("urge", ANY_OPEN, title=_("催办"), by=reporter | duty.urger.within, form=forms.UrgeForm, secondary=True),
        Action("supervise", ANY_OPEN, title=_("督办"), by=duty.supervisor.within, form=forms.SuperviseForm, secondary=True),
        Action("remark", ANY_OPEN, title=_("监督意见"), by=duty.commenter.within, form=forms.RemarkForm, secondary=True),
        Action("instruct", ANY_OPEN, title=_("登记批示"), by=duty.instructor.within, form=InstructForm, opens=[INSTRUCTION],
               secondary=True),
        Action("amend", EVERYWHERE, title=_("外部工单更新"), by=duty.hotline_clerk.within | system, form=forms.AmendForm,
               secondary=True),
        Action("gain", ANY_OPEN, title=_("又有人反映同一件事"), by=system),
        Action("resident_late", ANY_OPEN, title=_("对反映人的期限已过"), after=overdue(RESIDENT)),
        Action("exclude", EVALUATED, title=_("申请剔除"), by=duty.dispatcher.within, form=forms.ExcludeForm,
               needs=approval("exclusion"), guard=guards.excluded_before, secondary=True),
        Action("release", EVERYWHERE, title=_("审核公开"), by=duty.publisher.within, form=forms.ReleaseForm,
               guard=guards.never_public, secondary=True),
    ],
)  # fmt: skip
