"""A declaration that contradicts itself is refused when it is made, with the place and the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from linli.kernel.matters import START, Action, Clock, Process, Stage, approval, duty, overdue
from linli.kernel.matters.checking import BadProcess
from linli.kernel.matters.declare import PROCESSES

ASKED, LENT, SHELF = Stage("asked", "已申请"), Stage("lent", "已借出", closed=True), Stage("shelf", "搁置")
REPLY = Clock("reply", "答复", limit=lambda _t: None)
ASK = Action("ask", START >> ASKED, title="申请", by=duty.worker, starts=[REPLY])
LEND = Action("lend", ASKED >> LENT, title="借出", by=duty.chief, stops=[REPLY], expected=True)
REFUSE = Action("refuse", ASKED >> LENT, title="不借", by=duty.chief, stops=[REPLY])


def declared(*actions: Action) -> Process:
    return Process(kind="nobodys_loan", prefix="NL", title="借用", source="I136", actions=actions)


@pytest.fixture(autouse=True)
def forgotten() -> object:
    yield
    PROCESSES.pop("nobodys_loan", None)


def test_what_fits_together_is_declared_and_knows_its_answers() -> None:
    loan = declared(ASK, LEND, replace(REFUSE, alternative=True))
    assert [action.name for action in loan.answers("asked")] == ["lend", "refuse"]
    assert loan.answers("lent") == []


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        ((ASK, LEND, replace(REFUSE, name="lend")), "two actions share a name"),
        ((replace(ASK, move=SHELF >> ASKED), LEND), "nothing begins it"),
        ((ASK, LEND, Action("keep", SHELF >> LENT, title="留", by=duty.chief)), "nothing leads to the stage shelf"),
        ((ASK,), "nothing leads out of the stage asked"),
        ((ASK, LEND, replace(REFUSE, expected=True)), "lend and refuse both expected"),
        ((ASK, replace(LEND, expected=False), replace(REFUSE, alternative=True)), "alternative to nothing expected"),
        ((replace(ASK, starts=[]), LEND), "clocks that nothing starts: reply"),
        ((ASK, replace(LEND, by=None)), "needs by=, after= or on="),
        ((ASK, replace(LEND, by=None, after=overdue(REPLY), needs=approval("loan"))), "somebody who asks for it"),
        ((ASK, replace(LEND, pauses=[replace(REPLY, resident=True)])), "never paused, resumed or moved"),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused_where_it_stands(actions: tuple[Action, ...], said: str) -> None:
    with pytest.raises(BadProcess, match=said):
        declared(*actions)


def test_a_kind_is_declared_once() -> None:
    declared(ASK, LEND)
    with pytest.raises(BadProcess, match="declared twice"):
        declared(ASK, LEND)
