"""One table, declared: asked, its bill seen, sent; the grids ask only what is missing; collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from linli.affairs.registry.forms import tables
from linli.affairs.registry.forms.actionforms import AskForm, RestForm
from linli.affairs.registry.models import FormRequest, FormTask
from linli.affairs.registry.policy import FormSpecs, RegistryRules
from linli.kernel import policy
from linli.kernel.matters import START, Action, Clock, Process, Stage, approval, duty, every, overdue, system
from linli.kernel.worktime import Limit

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from linli.kernel.matters.models import Matter
    from linli.kernel.matters.transition import Transition


def days(t: Transition) -> Limit:
    """Return within how many working days a table is filled."""
    form = policy.get(FormSpecs).by_code[t.detail.form]
    return Limit(form.days, "working_day")


def still_missing(matter: Matter) -> StrOrPromise | None:
    """Say how many facts a grid has not asked yet; nothing when all are in."""
    task = FormTask.objects.get(pk=matter.pk)
    rows = tables.missing(policy.get(FormSpecs).by_code[task.form], matter.area_code)
    left = sum(len(row.facts) for row in rows)
    return say("还有 %(n)d 项没有填；确实问不到的，请点“其余问不到”写明原因。") % {"n": left} if left else None


def export_chain(t: Transition) -> str:
    """Return the chain that agrees to a table leaving the registry; none below policy's size."""
    return "registry_export" if t.detail.people > policy.get(RegistryRules).export_free else ""


TO_FILL = Stage("to_fill", _("待补问"))
FILLED = Stage("filled", _("已填"), closed=True)
FILL = Clock("fill", _("补问"), limit=days)

TASK = Process(
    kind="form_task",
    prefix="BW",
    title=_("一表通补问"),
    detail=FormTask,
    source="N178",
    pins=("registry.forms",),
    actions=[
        Action("give", START >> TO_FILL, title=_("派给网格"), by=system, starts=[FILL]),
        Action("finish", TO_FILL >> FILLED, title=_("填完了"), by=duty.form_filler, guard=still_missing, stops=[FILL],
               handles=True, expected=True),
        Action("leave_rest", TO_FILL >> FILLED, title=_("其余问不到"), by=duty.form_filler, form=RestForm, stops=[FILL],
               handles=True, secondary=True),
        Action("remind", TO_FILL, title=_("补问超期"), after=overdue(FILL)),
    ],
)  # fmt: skip

BILLED = Stage("billed", _("看账单"))
ASKED = Stage("asked", _("填报中"))
READY = Stage("ready", _("已填齐"))
COLLECTED = Stage("collected", _("已收表"), closed=True)
DROPPED = Stage("dropped", _("不要了"), closed=True)

REQUEST = Process(
    kind="form_request",
    prefix="BT",
    title=_("一表通要表"),
    detail=FormRequest,
    source="N178 R196",
    pins=("registry.forms",),
    actions=[
        Action("ask", START >> BILLED, title=_("要表"), by=duty.form_asker, form=AskForm),
        Action("send", BILLED >> ASKED, title=_("看过账单，发出"), by=duty.form_asker, opens=[TASK], expected=True),
        Action("drop", BILLED >> DROPPED, title=_("不要了"), by=duty.form_asker, secondary=True),
        Action("gather", ASKED >> READY, title=_("填齐"), on=every(TASK)),
        Action("collect", ASKED | READY >> COLLECTED, title=_("收表"), by=duty.form_asker,
               needs=approval("registry_export", export_chain)),
    ],
)  # fmt: skip
