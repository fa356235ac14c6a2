"""Short words for the tests' stories: register, hand out, draft, sign."""

from __future__ import annotations

from typing import Any

from tests.support.world import World

from linli.affairs.proposals.process import PROPOSAL
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter

WORDS = {
    "kind": "cppcc", "session": "市政协十届四次会议", "serial": "77", "subject": "关于加强老旧小区管理的建议",
    "text": "建议理顺物业、社区和部门的关系。", "proposers": "赵甲、钱乙", "phone": "13887300009",
    "received_on": "2026-11-20",
}  # fmt: skip
REPLY = {
    "result": "A", "number": "蒙民函〔2026〕38号",
    "reply": "一、基本情况\n我市有老旧小区 40 个。\n二、下一步\n继续推进。",
    "answers_for_it": "李某 0873-0000000", "public": "on", "copies": "市政府办公室，市政协提案委",
}  # fmt: skip


def clerk(world: World) -> Any:
    return world.actor("shift_leader")


def lead(world: World) -> Any:
    return world.actor("department_handler", unit="civil")


def again(matter: Matter) -> Matter:
    return Matter.objects.select_related("proposal").get(pk=matter.pk)


def register(world: World, **changes: Any) -> Matter:
    return perform(process=PROPOSAL, action="register", actor=clerk(world), data={**WORDS, **changes}).matter


def assign(world: World, matter: Matter, *assistants: str) -> Matter:
    units = [world.unit(code) for code in ("civil", *assistants)]
    data = {"lead": units[0].pk, "assistants": [unit.pk for unit in units[1:]], "note": "请于十日内反馈"}
    perform(actor=clerk(world), matter=matter, action="assign", data=data)
    return again(matter)


def opinions(matter: Matter) -> list[Matter]:
    return list(Matter.objects.filter(parent=matter, kind="proposal_opinion").order_by("pk"))


def ready(world: World, matter: Matter, **changes: Any) -> Matter:
    """Spoken with the proposer, and drafted."""
    perform(actor=lead(world), matter=matter, action="speak", data={"way": "phone", "said": "提出人同意办理思路"})
    perform(actor=lead(world), matter=matter, action="draft", data={**REPLY, **changes})
    return again(matter)


def sign(world: World, matter: Matter) -> Matter:
    """Sent for signature by the handler, agreed by the unit's head, signed by the leader."""
    asked = perform(actor=lead(world), matter=matter, action="sign", data={"signed_by": "分管副市长"}).approval
    perform(actor=world.actor("department_head", unit="civil"), matter=asked, action="endorse", data={})
    perform(actor=world.actor("district_leader"), matter=asked, action="approve", data={})
    return again(matter)


def replied(world: World, **changes: Any) -> Matter:
    return sign(world, ready(world, assign(world, register(world)), **changes))
