"""The queues of cases: one kind of step each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.cases import selectors as cases
from linli.affairs.cases.desk.calling import next_call_words
from linli.affairs.cases.instructions.process import INSTRUCTION
from linli.affairs.cases.models import Attempt
from linli.affairs.cases.process import CASE, TASK
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry
from linli.surfaces.parts import words
from linli.surfaces.parts.tables import Column


def call_back_cells(actor: Actor, matters: Sequence[Matter]) -> dict[Any, dict[str, Any]]:  # noqa: ARG001 - a queue's signature
    """Return how often each reporter was tried and when to call next; one statement for all rows."""
    tries: dict[Any, list[Attempt]] = {}
    for tried in Attempt.objects.filter(case__in=[m.pk for m in matters]).order_by("at"):
        tries.setdefault(tried.case_id, []).append(tried)
    cells = {}
    for matter in matters:
        mine = tries.get(matter.pk, [])
        last = words.moment(mine[-1].at) if mine else ""
        cells[matter.pk] = {
            "tries": _("%(n)d 次，上次 %(at)s") % {"n": len(mine), "at": last} if mine else _("还没打过"),
            "next": next_call_words(matter, mine),
        }
    return cells


def _step(key: str, title: Any, icon: str, duty: str, action: str, order: int, hint: Any = "", **options: Any) -> None:
    registry.add_queue(
        registry.Queue(
            key=key,
            title=title,
            icon=icon,
            duties=[duty],
            expects=[(CASE.kind, action)],
            order=order,
            hint=hint,
            **options,
        )
    )


_step(
    "file",
    gettext_lazy("立案"),
    "clipboard-check",
    "filer",
    "file",
    10,
    gettext_lazy("先看是否属实，再立案、答复、并案或转其他渠道。"),
)
_step(
    "dispatch",
    gettext_lazy("派遣"),
    "send",
    "dispatcher",
    "dispatch",
    20,
    gettext_lazy("系统按类别和地点推荐主办单位，派出即开始计时。"),
)
_step("verify", gettext_lazy("核查"), "eye", "verifier", "verify", 30, gettext_lazy("谁处置谁不核查。"))
_step(
    "call-back",
    gettext_lazy("回访"),
    "phone-call",
    "call_backer",
    "take_verdict",
    40,
    gettext_lazy("不同时段、分几天，最多试满次数；由没有参与处置的人打。"),
    extra=[Column(key="tries", label=gettext_lazy("已试")), Column(key="next", label=gettext_lazy("下次"))],
    cells=call_back_cells,
)
_step(
    "review",
    gettext_lazy("复核"),
    "scale",
    "reviewer",
    "redo",
    50,
    gettext_lazy("反映人不认可的，上一级到场复核一次，书面说明理由。"),
)
registry.add_queue(
    registry.Queue(
        key="call-again",
        title=gettext_lazy("再次回访"),
        icon="phone-call",
        duties=["call_backer"],
        rows=cases.verdicts_to_ask_again,
        order=45,
        hint=gettext_lazy("工作人员代录的结论，按随机份额由别人再问一次。"),
    )
)
registry.add_queue(
    registry.Queue(
        key="recheck",
        title=gettext_lazy("抽查"),
        icon="search",
        duties=["rechecker"],
        rows=cases.spots_to_look_at,
        order=70,
        hint=gettext_lazy("即查即改按随机份额复看；不能复看自己处置的。"),
    )
)
registry.add_queue(
    registry.Queue(
        key="tasks",
        title=gettext_lazy("单位任务"),
        icon="wrench",
        duties=["handler"],
        order=5,
        expects=[(TASK.kind, "sign"), (TASK.kind, "feed_back"), (TASK.kind, "resume")],
        hint=gettext_lazy("派给本单位的：先签收、联系反映人，处置后反馈。"),
    )
)
registry.add_queue(
    registry.Queue(
        key="instructions",
        title=gettext_lazy("批示"),
        icon="pencil",
        duties=["instructed"],
        order=8,
        expects=[(INSTRUCTION.kind, "answer")],
        hint=gettext_lazy("领导批示：照常办理、核实，到期前回复落实情况。"),
    )
)
