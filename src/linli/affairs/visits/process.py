"""The procedure of a promise made on a visit, declared: who promised keeps it, or says to the person why not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.visits import forms
from linli.affairs.visits.models import Promise
from linli.kernel import clock
from linli.kernel.matters import ANY_OPEN, START, Action, Clock, Process, Stage, Transition, duty, overdue
from linli.kernel.worktime import Limit, Unit


def _until(t: Transition) -> Limit:
    days = (t.detail.due_on - clock.local(t.at).date()).days
    return Limit(max(days, 1), Unit.CALENDAR_DAY)


PROMISED = Stage("promised", _("答应了"))
KEPT = Stage("kept", _("已兑现"), closed=True)
EXPLAINED = Stage("explained", _("办不了，已说明"), closed=True)

RETURN = Clock("return", _("答应的日子"), limit=_until)

PROMISE = Process(
    kind="promise",
    prefix="N",
    title=_("答应的事"),
    detail=Promise,
    source="B34 N178",
    actions=[
        Action("make", START >> PROMISED, title=_("答应"), by=duty.visitor, form=forms.PromiseForm, starts=[RETURN]),
        Action("keep", PROMISED >> KEPT, title=_("兑现了"), by=duty.visitor, form=forms.KeptForm, stops=[RETURN],
               expected=True),
        Action("cannot", PROMISED >> EXPLAINED, title=_("办不了，已当面说明"), by=duty.visitor, form=forms.CannotForm,
               stops=[RETURN], secondary=True),
        Action("remark", ANY_OPEN, title=_("监督意见"), by=duty.commenter.within, form=forms.RemarkForm, secondary=True),
        Action("remind", ANY_OPEN, title=_("到日子了"), after=overdue(RETURN)),
    ],
)  # fmt: skip
