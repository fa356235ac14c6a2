"""The answering of suggestions and proposals, declared, as the replies of the five districts show it (Q193).

登记—交办—承办（会办意见、与提出人沟通、吹哨）—起草—签发—反馈—公开.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.proposals import forms, guards, limits
from linli.affairs.proposals.models import Opinion, Proposal
from linli.kernel.matters import (
    ANY_OPEN,
    START,
    Action,
    Clock,
    Process,
    Stage,
    approval,
    duty,
    every,
    overdue,
    reporter,
    system,
)

# -- a co-handling unit's opinion (会办意见) ----------------------------------------------------------------------

ASKED_FOR = Stage("asked_for", _("待反馈会办意见"))
GIVEN = Stage("given", _("已反馈"), closed=True)
RECALLED = Stage("recalled", _("已收回"), closed=True)

GIVE = Clock("give", _("会办意见"), limit=limits.opinion)

OPINION = Process(
    kind="proposal_opinion",
    prefix="PO",
    title=_("会办意见"),
    detail=Opinion,
    source="Q194",
    pins=("proposals.rules",),
    actions=[
        Action("ask", START >> ASKED_FOR, title=_("交会办"), by=system, starts=[GIVE]),
        Action("give", ASKED_FOR >> GIVEN, title=_("反馈会办意见"), by=duty.proposal_handler, form=forms.OpinionForm, stops=[GIVE],
               handles=True, expected=True),
        # A street that is asked for its opinion may blow at once, instead of writing that it would like to.
        Action("whistle", ASKED_FOR, title=_("为此吹哨"), by=duty.whistler, form=forms.WhistleForm, secondary=True),
        Action("recall", ASKED_FOR >> RECALLED, title=_("收回"), by=system | duty.proposal_clerk.within, form=forms.OptionalReasonForm,
               secondary=True),
        Action("remind", ASKED_FOR, title=_("会办超期"), after=overdue(GIVE)),
    ],
)  # fmt: skip

# -- the paper itself ---------------------------------------------------------------------------------------------

RECEIVED = Stage("received", _("待交办"), plain=_("已经收到，正在确定由谁办理"))
HANDLING = Stage("handling", _("办理中"), plain=_("承办单位正在办理，会与您沟通"))
REPLIED = Stage("replied", _("已答复，待反馈"), plain=_("已经答复，请说说您的意见"))
DONE = Stage("done", _("已办结"), plain=_("已经办结"), closed=True)
WITHDRAWN = Stage("withdrawn", _("已撤回"), plain=_("已经撤回"), closed=True)

REPLY = Clock("reply", _("答复"), limit=limits.reply)
FEEDBACK = Clock("feedback", _("征询反馈"), limit=limits.feedback)

CLERK = duty.proposal_clerk.within
HANDLER = duty.proposal_handler

PROPOSAL = Process(
    kind="proposal",
    prefix="P",
    title=_("建议提案"),
    detail=Proposal,
    source="Q193",
    pins=("proposals.rules",),
    actions=[
        Action("register", START >> RECEIVED, title=_("登记"), by=duty.proposal_clerk, form=forms.RegisterForm),
        Action("assign", RECEIVED >> HANDLING, title=_("交办"), by=CLERK, form=forms.AssignForm, opens=[OPINION], starts=[REPLY],
               expected=True),
        Action("give_back", HANDLING >> RECEIVED, title=_("不归本单位，退回交办"), by=HANDLER, form=forms.GiveBackForm, stops=[REPLY],
               secondary=True),
        Action("add_unit", HANDLING, title=_("增加会办"), by=CLERK, form=forms.AddUnitForm, opens=[OPINION], secondary=True),
        Action("gather", HANDLING, title=_("会办意见收齐"), on=every(OPINION)),
        Action("speak", HANDLING | REPLIED, title=_("与提出人沟通"), by=HANDLER | CLERK, form=forms.SpeakForm, handles=True),
        # From a proposal to whistles and cases, and what came of them back into the reply.
        Action("whistle", HANDLING, title=_("为此吹哨"), by=duty.whistler | duty.whistler.within, form=forms.WhistleForm),
        Action("link", HANDLING, title=_("关联哨件或案件"), by=HANDLER | CLERK, form=forms.LinkForm, secondary=True),
        Action("draft", HANDLING, title=_("起草答复"), by=HANDLER, form=forms.DraftForm, handles=True),
        Action("sign", HANDLING >> REPLIED, title=_("送签答复"), by=HANDLER, form=forms.SignForm, needs=approval("proposal_reply"),
               guard=guards.not_ready, stops=[REPLY], starts=[FEEDBACK], expected=True),
        Action("extend", HANDLING, title=_("申请延期"), by=HANDLER, form=forms.ExtendForm, needs=approval("proposal_extension"),
               guard=guards.may_not_extend, moves=[REPLY], secondary=True),
        Action("rate", REPLIED >> DONE, title=_("登记评价"), by=reporter | CLERK, form=forms.RateForm, stops=[FEEDBACK], expected=True),
        Action("redo", REPLIED >> HANDLING, title=_("不满意，重新办理"), by=reporter | CLERK, form=forms.RedoForm,
               guard=guards.may_not_redo, stops=[FEEDBACK], starts=[REPLY]),
        Action("close_unrated", REPLIED >> DONE, title=_("到期未反馈，办结"), after=overdue(FEEDBACK)),
        Action("publish", REPLIED | DONE, title=_("公开答复"), by=duty.publisher.within, form=forms.PublishForm,
               guard=guards.not_to_publish),
        Action("take_down", REPLIED | DONE, title=_("撤下公开"), by=duty.publisher.within, form=forms.NeedReasonForm,
               guard=guards.not_published, secondary=True),
        Action("withdraw", RECEIVED | HANDLING >> WITHDRAWN, title=_("提出人撤回"), by=CLERK, form=forms.NeedReasonForm, secondary=True),
        Action("urge", ANY_OPEN, title=_("催办"), by=CLERK | duty.urger.within, form=forms.UrgeForm, secondary=True),
        Action("remind", ANY_OPEN, title=_("答复超期"), after=overdue(REPLY)),
    ],
)  # fmt: skip
