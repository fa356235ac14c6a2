"""The ledger against a simple model: a dictionary of lists, under any sequence of acts that Hypothesis thinks of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from linli.kernel import ids
from linli.kernel.errors import NotNow
from linli.kernel.ledger import (
    AccountRef,
    AlreadyDone,
    Entry,
    Kind,
    Overdrawn,
    balances,
    checking,
    lapse,
    lapsed,
    lots,
    move,
    post,
    release,
    reserve,
    reverse,
    sealing,
    settle,
)
from linli.kernel.posts.actors import system_actor

pytestmark = pytest.mark.django_db

PEOPLE = 3
AMOUNTS = st.integers(1, 9)
WHO = st.integers(0, PEOPLE - 1)
HOME, SOURCE, SPENT = Kind("m.home"), Kind("m.source", bounded=False), Kind("m.spent", bounded=False)
FIRST = date(2026, 1, 1)
SYSTEM = system_actor()


@dataclass
class Purse:
    """The simple model: lots in the order they came, and what is set aside."""

    lots: list[list[Any]] = field(default_factory=list)
    held: int = 0

    @property
    def balance(self) -> int:
        return sum(left for left, _ in self.lots)

    @property
    def available(self) -> int:
        return self.balance - self.held

    def add(self, amount: int, until: date | None) -> None:
        self.lots = [lot for lot in self.lots if lot[0]]
        if self.lots:
            newest = self.lots[-1][1]
            until = None if newest is None else until and max(until, newest)
        self.lots.append([amount, until])

    def take(self, amount: int) -> None:
        for lot in self.lots:
            part = min(lot[0], amount)
            lot[0] -= part
            amount -= part
        assert amount == 0

    def lapsed(self, today: date) -> int:
        return min(sum(left for left, until in self.lots if until and until < today), self.available)


class LedgerMachine(RuleBasedStateMachine):
    """Earn, give, set aside, settle, release, take back and lapse, in any order."""

    moves = Bundle("moves")
    holds = Bundle("holds")

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.refs = [AccountRef(HOME, ids.uuid7()) for _ in range(PEOPLE)]
        self.source, self.spent = AccountRef(SOURCE, ids.uuid7()), AccountRef(SPENT, ids.uuid7())
        self.purses = [Purse() for _ in range(PEOPLE)]
        self.issued = self.used = 0
        self.today = FIRST

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def attempt(self, allowed: bool, act: Any, refusal: type[NotNow] = Overdrawn) -> Any:
        if allowed:
            return act()
        with pytest.raises(refusal), transaction.atomic():
            act()
        return None

    @rule(target=moves, who=WHO, amount=AMOUNTS, days=st.none() | st.integers(0, 20))
    def earn(self, who: int, amount: int, days: int | None) -> Any:
        until = None if days is None else self.today + timedelta(days=days)
        entry = Entry(str(ids.uuid7()), "earn", move(self.source, self.refs[who], amount, expires_on=until))
        posted = post(actor=SYSTEM, entry=entry)
        assert post(actor=SYSTEM, entry=entry).repeated
        self.purses[who].add(amount, until)
        self.issued += amount
        return {"id": posted.id, "who": who, "amount": amount, "kind": "earn", "back": False}

    @rule(target=moves, who=WHO, amount=AMOUNTS)
    def spend(self, who: int, amount: int) -> Any:
        purse, entry = self.purses[who], Entry(str(ids.uuid7()), "spend", move(self.refs[who], self.spent, amount))
        posted = self.attempt(amount <= purse.available, lambda: post(actor=SYSTEM, entry=entry))
        if posted is None:
            return {"id": None}
        purse.take(amount)
        self.used += amount
        return {"id": posted.id, "who": who, "amount": amount, "kind": "spend", "back": False}

    @rule(giver=WHO, taker=WHO, amount=AMOUNTS)
    def give(self, giver: int, taker: int, amount: int) -> None:
        if giver == taker:
            return
        entry = Entry(str(ids.uuid7()), "gift", move(self.refs[giver], self.refs[taker], amount))
        if self.attempt(amount <= self.purses[giver].available, lambda: post(actor=SYSTEM, entry=entry)):
            self.purses[giver].take(amount)
            self.purses[taker].add(amount, None)

    @rule(target=holds, who=WHO, amount=AMOUNTS)
    def set_aside(self, who: int, amount: int) -> Any:
        purse, key = self.purses[who], str(ids.uuid7())
        holds = [(self.refs[who], amount)]
        held = self.attempt(
            amount <= purse.available, lambda: reserve(actor=SYSTEM, key=key, kind="reserve", holds=holds)
        )
        if held is None:
            return {"id": None}
        purse.held += amount
        return {"id": held.id, "who": who, "amount": amount}

    @rule(hold=consumes(holds), taken=st.booleans())
    def close(self, hold: dict[str, Any], taken: bool) -> None:
        if hold["id"] is None:
            return
        purse, key = self.purses[hold["who"]], str(ids.uuid7())

        def act() -> Any:
            if taken:
                return settle(actor=SYSTEM, key=key, kind="redeem", hold=hold["id"], into=lambda _: self.spent)
            return release(actor=SYSTEM, key=key, kind="release", hold=hold["id"])

        act()
        purse.held -= hold["amount"]
        if taken:
            purse.take(hold["amount"])
            self.used += hold["amount"]
        key = str(ids.uuid7())
        self.attempt(False, act, AlreadyDone)

    @rule(done=moves)
    def take_back(self, done: dict[str, Any]) -> None:
        if done["id"] is None:
            return
        purse, amount = self.purses[done["who"]], done["amount"]

        def act() -> Any:
            return reverse(actor=SYSTEM, key=str(ids.uuid7()), transfer_id=done["id"])

        if done["back"]:
            self.attempt(False, act, AlreadyDone)
            return
        if done["kind"] == "spend":
            act()
            purse.add(amount, None)
            self.used -= amount
        elif self.attempt(amount <= purse.available, act):
            purse.take(amount)
            self.issued -= amount
        else:
            return
        done["back"] = True

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)
        found = lapsed([HOME], self.today)
        assert {lot.account: lot.amount for lot in found} == {
            ref: purse.lapsed(self.today)
            for ref, purse in zip(self.refs, self.purses, strict=True)
            if purse.lapsed(self.today)
        }
        for purse in self.purses:
            amount = purse.lapsed(self.today)
            purse.take(amount)
            self.used += amount
        lapse(actor=SYSTEM, kind="lapse", lots=found, into=lambda _: self.spent)

    @rule()
    def night_falls(self) -> None:
        sealing.seal()

    @invariant()
    def agrees_with_the_model(self) -> None:
        found = balances([*self.refs, self.source, self.spent])
        for ref, purse in zip(self.refs, self.purses, strict=True):
            assert (found[ref].balance, found[ref].held) == (purse.balance, purse.held)
            assert [(lot.left, lot.expires_on) for lot in lots(ref)] == [(n, day) for n, day in purse.lots if n]
        assert (-found[self.source].balance, found[self.spent].balance) == (self.issued, self.used)

    @invariant()
    def is_whole(self) -> None:
        assert list(checking.verify()) == []


@pytest.fixture
def machine_settings() -> settings:
    return settings(
        max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )


def test_any_sequence_of_acts_agrees_with_the_model(machine_settings: settings) -> None:
    run_state_machine_as_test(LedgerMachine, settings=machine_settings)
