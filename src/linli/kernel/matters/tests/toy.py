"""A process that nobody runs: one street borrows a ladder from others. It uses every feature of a declaration."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel import areas
from linli.kernel.matters import (
    ANY_OPEN,
    START,
    Action,
    ActionForm,
    Clock,
    NoteForm,
    Process,
    ReasonForm,
    Stage,
    approval,
    duty,
    every,
    link_bearer,
    overdue,
    reporter,
    residents,
    system,
    warned,
    who_handled,
)
from linli.kernel.matters.engine import Transition
from linli.kernel.posts.models import Unit
from linli.kernel.worktime import Limit


class LendForm(ActionForm):
    days = forms.IntegerField(min_value=1)


class AskForm(ActionForm):
    title = forms.CharField(max_length=40)
    area = forms.CharField()
    phone = forms.CharField(required=False)
    unrecorded = ("phone",)


class UnitsForm(ActionForm):
    units = forms.ModelMultipleChoiceField(Unit.objects.all())


class DueForm(ActionForm):
    due = forms.DateTimeField()


class PauseForm(ActionForm):
    pause_reason = forms.CharField()


# -- the share of one lender ---------------------------------------------------------------------------------
SENT = Stage("sent", _("已发出"))
SIGNED = Stage("signed", _("已签收"))
LENT = Stage("lent", _("已借出"), closed=True)

SIGN = Clock("sign", _("签收"), limit=lambda _t: Limit(1, "working_hour"))

SHARE = Process(
    kind="toy_share",
    prefix="TS",
    title=_("出借"),
    source="test",
    actions=[
        Action("send", START >> SENT, title=_("发出"), by=system, starts=[SIGN]),
        Action("sign", SENT >> SIGNED, title=_("签收"), by=duty.handler | link_bearer, stops=[SIGN], expected=True),
        Action("sign_itself", SENT >> SIGNED, title=_("自动签收"), after=overdue(SIGN), stops=[SIGN]),
        Action(
            "lend",
            SIGNED >> LENT,
            title=_("借出"),
            by=duty.handler | link_bearer,
            form=LendForm,
            handles=True,
            expected=True,
        ),
    ],
)


@SHARE.on("send")
def _send(t: Transition) -> None:
    assert t.within is not None
    t.hold(unit=t.within.data["unit_in_turn"])


# -- the whole ----------------------------------------------------------------------------------------------
ASKED = Stage("asked", _("已提出"), plain=_("收到了"))
SPREAD = Stage("spread", _("已分派"))
BACK = Stage("back", _("已回复"))
DONE = Stage("done", _("已办结"), closed=True)
DROPPED = Stage("dropped", _("已撤回"), closed=True)

CLOSE = Clock("close", _("办结"), limit=lambda _t: Limit(2, "working_day"))
PROMISE = Clock(
    "promise", _("对居民"), limit=lambda t: Limit(5, "calendar_day") if t.matter.reporter_id else None, resident=True
)


def _nobody_asked(matter: object) -> object | None:
    return _("还没有人答应。") if not getattr(matter, "unit_ids", None) else None


LADDER = Process(
    kind="toy",
    prefix="TY",
    title=_("借梯子"),
    source="test",
    pins=("matters.clocks",),
    actions=[
        Action("ask", START >> ASKED, title=_("提出"), by=residents | duty.reporter, form=AskForm, starts=[CLOSE, PROMISE]),
        Action("spread", ASKED >> SPREAD, title=_("分派"), by=duty.dispatcher, form=UnitsForm, opens=[SHARE], expected=True),
        Action("extend", ASKED | SPREAD, title=_("延期"), by=duty.dispatcher, form=DueForm, needs=approval("extension_again"), moves=[CLOSE]),
        Action("pause", SPREAD, title=_("暂停"), by=duty.dispatcher, form=PauseForm, pauses=[CLOSE]),
        Action("resume", SPREAD, title=_("恢复"), by=duty.dispatcher, resumes=[CLOSE]),
        Action("remind", ANY_OPEN, title=_("提醒"), after=warned(CLOSE, 80)),
        Action("escalate", ANY_OPEN, title=_("升级"), after=overdue(CLOSE)),
        Action("gather", SPREAD >> BACK, title=_("汇总"), on=every(SHARE)),
        Action("verify", BACK >> DONE, title=_("核实"), by=duty.verifier.within & ~who_handled, form=NoteForm, handles=True, expected=True),
        Action("again", DONE >> ASKED, title=_("重开"), by=reporter | duty.dispatcher.within, form=ReasonForm, starts=[CLOSE]),
        Action("drop", ANY_OPEN >> DROPPED, title=_("撤回"), by=reporter | duty.dispatcher, guard=_nobody_asked, secondary=True),
    ],
)  # fmt: skip


@LADDER.on("ask")
def _ask(t: Transition) -> None:
    node = areas.tree().by_code(t.data["area"])
    t.place(node)
    t.hold(area=areas.tree().ancestors(node)[0].id)
    t.matter.title = t.data["title"]
    t.matter.reporter = t.actor.person if t.actor.kind == "resident" else None
    t.matter.category, t.matter.source = "ladder", "test"


@LADDER.on("spread")
def _spread(t: Transition) -> None:
    for unit in t.data["units"]:
        t.data["unit_in_turn"] = unit.pk
        t.involve(unit.pk)
        t.open(SHARE, "send", {})


@LADDER.on("escalate")
def _escalate(t: Transition) -> None:
    t.matter.priority += 1
