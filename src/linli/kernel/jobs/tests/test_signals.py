"""Events and gates."""

from __future__ import annotations

import pytest

from linli.kernel.jobs import Event, Gate, gate


def test_handlers_hear_an_event_in_the_order_in_which_they_connected() -> None:
    heard: list[str] = []
    event: Event[int] = Event("counted")
    event.connect(lambda n: heard.append(f"first {n}"))
    event.connect(lambda n: heard.append(f"second {n}"))
    event.send(7)
    assert heard == ["first 7", "second 7"]


def test_connecting_twice_hears_once() -> None:
    heard: list[int] = []
    event: Event[int] = Event("counted")
    event.connect(heard.append)
    event.connect(heard.append)
    event.send(1)
    assert heard == [1]


def test_what_a_handler_raises_reaches_the_sender() -> None:
    event: Event[int] = Event("counted")

    @event.connect
    def refuse(_: int) -> None:
        raise LookupError("no")

    with pytest.raises(LookupError):
        event.send(1)


def test_an_unfilled_gate_answers_with_its_default() -> None:
    assert Gate("open", default=True).ask(task=1) is True


def test_a_gate_may_be_filled_before_anybody_declares_its_default() -> None:
    question = gate("tests.filled_first")
    question.fill(lambda *, task: task > 3)
    asked = gate("tests.filled_first", default=True)
    assert asked is question
    assert asked.ask(task=1) is False
    question.empty()
    assert asked.ask(task=1) is True


def test_a_gate_is_filled_by_one_answerer_only() -> None:
    question: Gate[bool] = Gate("one", default=True)
    question.fill(lambda: False)
    with pytest.raises(RuntimeError, match="already filled"):
        question.fill(lambda: True)
