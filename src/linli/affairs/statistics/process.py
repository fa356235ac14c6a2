"""The procedures around figures, declared: publishing a month, a second look, rising topics, the topic of a month."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.statistics import forms, limits
from linli.affairs.statistics.models import MonthTopic, Publication, Recheck, Rising
from linli.kernel.matters import START, Action, Clock, Process, Stage, duty, overdue, system, who_handled

# -- the figures of a month before the public -------------------------------------------------------------------------

DRAFTED = Stage("drafted", _("待公布"))
PUBLISHED = Stage("published", _("已公布"), closed=True)
DROPPED = Stage("dropped", _("未公布"), closed=True)

APPROVE = Clock("approve", _("公布审核"), limit=limits.approve)

PUBLICATION = Process(
    kind="publication",
    prefix="GB",
    title=_("统计公布"),
    detail=Publication,
    source="N174 M171",
    pins=("statistics.rules", "statistics.indices"),
    actions=[
        Action("draft", START >> DRAFTED, title=_("起草"), by=system | duty.publisher, form=forms.MonthForm, starts=[APPROVE]),
        Action("redraft", DRAFTED, title=_("重新计算"), by=duty.publisher, hint=_("算到今天零点；改正过的数会变")),
        Action("publish", DRAFTED >> PUBLISHED, title=_("公布"), by=duty.publisher, stops=[APPROVE], expected=True),
        Action("drop", DRAFTED >> DROPPED, title=_("不公布"), by=duty.publisher, form=forms.ReasonForm, stops=[APPROVE], secondary=True),
    ],
)  # fmt: skip

# -- a second look at what was closed ---------------------------------------------------------------------------------

DRAWN = Stage("drawn", _("待复查"))
TRUE = Stage("true", _("复查属实"), closed=True)
FALSE = Stage("false", _("虚假办结"), closed=True)
UNSEEN = Stage("unseen", _("无法复查"), closed=True)

LOOK = Clock("look", _("复查"), limit=limits.recheck)

RECHECK = Process(
    kind="recheck",
    prefix="CJ",
    title=_("办结件抽查"),
    detail=Recheck,
    source="R31 C46",
    pins=("statistics.rules",),
    actions=[
        Action("draw", START >> DRAWN, title=_("抽中"), by=system, form=forms.DrawForm, starts=[LOOK]),
        Action("confirm", DRAWN >> TRUE, title=_("属实"), by=duty.sample_checker.within & ~who_handled, form=forms.LookForm,
               handles=True, stops=[LOOK], expected=True),
        Action("judge_false", DRAWN >> FALSE, title=_("没有办成"), by=duty.sample_checker.within & ~who_handled, form=forms.LookForm,
               handles=True, stops=[LOOK]),
        Action("cannot_tell", DRAWN >> UNSEEN, title=_("无法复查"), by=duty.sample_checker.within & ~who_handled, form=forms.ReasonForm,
               handles=True, stops=[LOOK], secondary=True),
    ],
)  # fmt: skip

# -- before it is asked (未诉先办) ------------------------------------------------------------------------------------

PROPOSED = Stage("proposed", _("待定"))
TAKEN_UP = Stage("taken_up", _("办理中"))
DONE = Stage("done", _("已办"), closed=True)
DECLINED = Stage("declined", _("不办"), closed=True)

ANSWER = Clock("answer", _("答复是否采纳"), limit=limits.answer)

RISING = Process(
    kind="rising",
    prefix="WS",
    title=_("未诉先办"),
    detail=Rising,
    source="R36 B35",
    pins=("statistics.rules",),
    actions=[
        Action("propose", START >> PROPOSED, title=_("提出"), by=system, form=forms.RisingForm, starts=[ANSWER]),
        Action("accept", PROPOSED >> TAKEN_UP, title=_("采纳"), by=duty.proactive, form=forms.AcceptForm, stops=[ANSWER],
               handles=True, expected=True),
        Action("decline", PROPOSED >> DECLINED, title=_("不办"), by=duty.proactive, form=forms.ReasonForm, stops=[ANSWER], secondary=True),
        Action("finish", TAKEN_UP >> DONE, title=_("办完"), by=duty.proactive, form=forms.ResultForm, handles=True, expected=True),
        Action("remind", PROPOSED, title=_("逾期未答复"), after=overdue(ANSWER)),
    ],
)  # fmt: skip

# -- 每月一题 ---------------------------------------------------------------------------------------------------------

CHOSEN = Stage("chosen", _("办理中"))
SOLVED = Stage("solved", _("已有结果"), closed=True)
GIVEN_UP = Stage("given_up", _("已撤下"), closed=True)

FINISH = Clock("finish", _("出结果"), limit=limits.finish)

MONTH_TOPIC = Process(
    kind="month_topic",
    prefix="YT",
    title=_("每月一题"),
    detail=MonthTopic,
    source="R36",
    pins=("statistics.rules",),
    actions=[
        Action("choose", START >> CHOSEN, title=_("选题"), by=duty.topic_chooser, form=forms.TopicForm, starts=[FINISH]),
        Action("tell", CHOSEN, title=_("报进展"), by=duty.handler | duty.topic_chooser.within, form=forms.ResultForm, handles=True),
        Action("finish", CHOSEN >> SOLVED, title=_("报结果"), by=duty.handler | duty.topic_chooser.within, form=forms.ResultForm, handles=True,
               stops=[FINISH], expected=True),
        Action("give_up", CHOSEN >> GIVEN_UP, title=_("撤下"), by=duty.topic_chooser.within, form=forms.ReasonForm, stops=[FINISH],
               secondary=True),
        Action("remind", CHOSEN, title=_("逾期未出结果"), after=overdue(FINISH)),
    ],
)  # fmt: skip
