"""What the ledger posts, and what it refuses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from linli.kernel import clock, ids
from linli.kernel.ledger import (
    PIECES,
    AccountRef,
    AlreadyDone,
    Entry,
    KeyReused,
    Kind,
    Leg,
    MovedOn,
    Overdrawn,
    Unbalanced,
    balance,
    lapse,
    lapsed,
    lots,
    move,
    next_lapse,
    post,
    post_all,
    release,
    reserve,
    reverse,
    settle,
    statement,
)
from linli.kernel.ledger.models import Account, Posting, Transfer
from linli.kernel.posts.actors import system_actor

pytestmark = pytest.mark.django_db

HOME, SOURCE, SPENT = Kind("t.home"), Kind("t.source", bounded=False), Kind("t.spent", bounded=False)
WORLD = ids.uuid7()
SYSTEM = system_actor()


@pytest.fixture
def mine() -> AccountRef:
    return AccountRef(HOME, ids.uuid7())


@pytest.fixture
def outside() -> AccountRef:
    return AccountRef(SOURCE, WORLD)


@pytest.fixture
def spent() -> AccountRef:
    return AccountRef(SPENT, WORLD)


def give(outside: AccountRef, mine: AccountRef, amount: int, key: str = "", **more: Any) -> Any:
    key = key or str(ids.uuid7())
    return post(actor=SYSTEM, entry=Entry(key, "earn", move(outside, mine, amount, **more)))


def test_what_one_account_gains_another_loses(mine: AccountRef, outside: AccountRef) -> None:
    give(outside, mine, 5)
    give(outside, mine, 7)
    assert balance(mine).balance == 12
    assert balance(outside).balance == -12
    assert [line.posting.balance for line in statement(mine).lines] == [12, 5]


def test_an_account_that_was_never_posted_to_holds_nothing(mine: AccountRef) -> None:
    assert balance(mine).available == 0
    assert statement(mine).lines == []


def test_the_database_refuses_an_overdraft_and_says_by_how_much(
    mine: AccountRef, outside: AccountRef, spent: AccountRef
) -> None:
    give(outside, mine, 5)
    with pytest.raises(Overdrawn) as refused, transaction.atomic():
        post(actor=SYSTEM, entry=Entry("k", "redeem", move(mine, spent, 6)))
    assert (refused.value.available, refused.value.wanted, refused.value.account_id) == (5, 6, mine.id)
    assert "5" in str(refused.value)
    assert balance(mine).balance == 5
    assert not Transfer.objects.filter(key="k").exists()


def test_the_same_key_posts_once(mine: AccountRef, outside: AccountRef) -> None:
    first = give(outside, mine, 5, "patrol:1")
    again = give(outside, mine, 5, "patrol:1")
    assert (first.repeated, again.repeated, again.id) == (False, True, first.id)
    assert balance(mine).balance == 5


def test_a_key_used_for_something_else_is_refused(mine: AccountRef, outside: AccountRef) -> None:
    give(outside, mine, 5, "patrol:1")
    with pytest.raises(KeyReused):
        give(outside, mine, 6, "patrol:1")


def test_several_entries_are_posted_together_or_not_at_all(
    mine: AccountRef, outside: AccountRef, spent: AccountRef
) -> None:
    earn = Entry("a", "earn", move(outside, mine, 5))
    with pytest.raises(Overdrawn), transaction.atomic():
        post_all(actor=SYSTEM, entries=[earn, Entry("b", "redeem", move(mine, spent, 6))])
    assert balance(mine).balance == 0
    both = post_all(actor=SYSTEM, entries=[earn, Entry("b", "redeem", move(mine, spent, 5))])
    assert [posted.key for posted in both] == ["a", "b"]
    assert balance(mine).balance == 0
    assert balance(spent).balance == 5


def test_an_entry_that_does_not_sum_to_zero_cannot_even_be_written_down(mine: AccountRef, outside: AccountRef) -> None:
    with pytest.raises(ValueError, match="zero"):
        Entry("k", "earn", [Leg(outside, -5), Leg(mine, 4)])
    with pytest.raises(ValueError, match="nothing"):
        Entry("k", "earn", [])
    with pytest.raises(ValueError, match="more than nothing"):
        move(outside, mine, -5)


def test_points_are_not_turned_into_goods(mine: AccountRef) -> None:
    goods = AccountRef(SOURCE, WORLD, PIECES, ids.uuid7())
    with pytest.raises(ValueError, match="zero"):
        Entry("k", "earn", [Leg(goods, -5), Leg(mine, 5)])


class TestAroundTheDoor:
    """Whoever inserts rows directly meets the same refusals, the tables' owner too."""

    def transfer(self, legs: int = 2, **more: Any) -> Transfer:
        return Transfer.objects.create(
            key=str(ids.uuid7()), kind="x", at=clock.now(), actor_kind="system", legs=legs, request=b"", **more
        )

    def insert(self, *rows: tuple[AccountRef, Transfer, int, int]) -> None:
        now = clock.now()
        values = ", ".join(["(%s, %s, %s, %s, 999, 999, 999, %s)"] * len(rows))
        parameters = [v for ref, t, amount, hold in rows for v in (ref.id, t.pk, amount, hold, now)]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ledger_posting (account_id, transfer_id, amount, hold, balance, held, credited, at) "
                f"VALUES {values}",
                parameters,
            )

    def test_computes_balances_itself(self, mine: AccountRef, outside: AccountRef) -> None:
        give(outside, mine, 5)
        t = self.transfer()
        self.insert((outside, t, -1, 0), (mine, t, 1, 0))
        assert balance(mine).balance == 6

    def test_refuses_an_overdraft(self, mine: AccountRef, outside: AccountRef) -> None:
        give(outside, mine, 5)
        t = self.transfer()
        with pytest.raises(DatabaseError, match="overdrawn"):
            self.insert((outside, t, 6, 0), (mine, t, -6, 0))

    def test_refuses_what_does_not_sum_to_zero(self, mine: AccountRef, outside: AccountRef) -> None:
        give(outside, mine, 5)
        t = self.transfer()
        with pytest.raises(DatabaseError, match="sum to zero"):
            self.insert((outside, t, -1, 0), (mine, t, 2, 0))

    def test_refuses_half_a_transfer_and_a_later_addition(self, mine: AccountRef, outside: AccountRef) -> None:
        give(outside, mine, 5)
        t = self.transfer()
        with pytest.raises(DatabaseError, match="written whole"):
            self.insert((mine, t, 1, 0))
        self.insert((outside, t, -1, 0), (mine, t, 1, 0))
        with pytest.raises(DatabaseError, match="written whole"):
            self.insert((outside, t, -1, 0), (mine, t, 1, 0), (mine, t, 3, 0))

    def test_refuses_to_free_what_was_not_set_aside(self, mine: AccountRef, outside: AccountRef) -> None:
        give(outside, mine, 5)
        held = reserve(actor=SYSTEM, key="h", kind="reserve", holds=[(mine, 3)])
        with pytest.raises(DatabaseError, match="free what was set aside"):
            self.insert((mine, self.transfer(1), 0, -3))
        with pytest.raises(DatabaseError, match="free what was set aside"):
            self.insert((mine, self.transfer(1, closes=held.id), 0, -2))

    def test_refuses_to_take_back_another_amount(self, mine: AccountRef, outside: AccountRef) -> None:
        gift = give(outside, mine, 5)
        t = self.transfer(reverses=gift.id)
        with pytest.raises(DatabaseError, match="take back"):
            self.insert((outside, t, 4, 0), (mine, t, -4, 0))

    @pytest.mark.parametrize("table", ["account", "transfer", "posting"])
    def test_refuses_every_change_and_removal(self, table: str, mine: AccountRef, outside: AccountRef) -> None:
        give(outside, mine, 5)
        for statement_ in (
            f"UPDATE ledger_{table} SET {'at' if table != 'account' else 'opened_at'} = now()",
            f"DELETE FROM ledger_{table}",
            f"TRUNCATE ledger_{table}",
        ):
            with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
                connection.cursor().execute(statement_)

    def test_refuses_an_account_that_is_not_there(self, mine: AccountRef) -> None:
        with pytest.raises(DatabaseError, match="no account"):
            self.insert((mine, self.transfer(1), 1, 0))

    def test_a_mistake_of_code_has_a_name_of_its_own(self, mine: AccountRef, outside: AccountRef) -> None:
        give(outside, mine, 5)
        with pytest.raises(Unbalanced), transaction.atomic():
            post(actor=SYSTEM, entry=Entry("k", "x", [Leg(mine, hold=-5)], closes=ids.uuid7()))


class TestSettingAside:
    def test_what_is_set_aside_is_there_but_cannot_be_used(
        self, mine: AccountRef, outside: AccountRef, spent: AccountRef
    ) -> None:
        give(outside, mine, 10)
        reserve(actor=SYSTEM, key="h", kind="reserve", holds=[(mine, 7)])
        assert (balance(mine).balance, balance(mine).held, balance(mine).available) == (10, 7, 3)
        with pytest.raises(Overdrawn) as refused, transaction.atomic():
            post(actor=SYSTEM, entry=Entry("k", "redeem", move(mine, spent, 4)))
        assert refused.value.available == 3
        with pytest.raises(Overdrawn), transaction.atomic():
            reserve(actor=SYSTEM, key="h2", kind="reserve", holds=[(mine, 4)])

    def test_settling_moves_it_on_once(self, mine: AccountRef, outside: AccountRef, spent: AccountRef) -> None:
        give(outside, mine, 10)
        held = reserve(actor=SYSTEM, key="h", kind="reserve", holds=[(mine, 7)])
        done = settle(actor=SYSTEM, key="s", kind="redeem", hold=held.id, into=lambda _: spent)
        assert (balance(mine).balance, balance(mine).held, balance(spent).balance) == (3, 0, 7)
        assert settle(actor=SYSTEM, key="s", kind="redeem", hold=held.id, into=lambda _: spent).id == done.id
        with pytest.raises(AlreadyDone), transaction.atomic():
            settle(actor=SYSTEM, key="other", kind="redeem", hold=held.id, into=lambda _: spent)
        with pytest.raises(AlreadyDone), transaction.atomic():
            release(actor=SYSTEM, key="other", kind="release", hold=held.id)

    def test_releasing_gives_it_back(self, mine: AccountRef, outside: AccountRef) -> None:
        give(outside, mine, 10)
        held = reserve(actor=SYSTEM, key="h", kind="reserve", holds=[(mine, 7)])
        release(actor=SYSTEM, key="r", kind="release", hold=held.id)
        assert (balance(mine).available, balance(mine).held) == (10, 0)

    def test_points_and_goods_are_set_aside_and_settled_in_one(
        self, mine: AccountRef, outside: AccountRef, spent: AccountRef
    ) -> None:
        soap = ids.uuid7()
        shelf = AccountRef(HOME, ids.uuid7(), PIECES, soap)
        out = AccountRef(SPENT, shelf.owner_id, PIECES, soap)
        give(outside, mine, 10)
        post(actor=SYSTEM, entry=Entry("in", "stock", move(AccountRef(SOURCE, WORLD, PIECES, soap), shelf, 1)))
        held = reserve(actor=SYSTEM, key="h", kind="reserve", holds=[(mine, 7), (shelf, 1)])
        with pytest.raises(Overdrawn), transaction.atomic():
            reserve(actor=SYSTEM, key="h2", kind="reserve", holds=[(shelf, 1)])
        settle(actor=SYSTEM, key="s", kind="redeem", hold=held.id, into=lambda a: out if a.item_id else spent)
        assert (balance(shelf).balance, balance(out).balance, balance(spent).balance) == (0, 1, 7)


class TestTakingBack:
    def test_a_transfer_is_taken_back_once_by_its_opposite(
        self, mine: AccountRef, outside: AccountRef, spent: AccountRef
    ) -> None:
        give(outside, mine, 10)
        bought = post(actor=SYSTEM, entry=Entry("k", "redeem", move(mine, spent, 6)))
        reverse(actor=SYSTEM, key="back", transfer_id=bought.id)
        assert (balance(mine).balance, balance(spent).balance) == (10, 0)
        with pytest.raises(AlreadyDone), transaction.atomic():
            reverse(actor=SYSTEM, key="back again", transfer_id=bought.id)
        assert Posting.objects.filter(account_id=mine.id).count() == 3

    def test_never_beyond_what_is_left(self, mine: AccountRef, outside: AccountRef, spent: AccountRef) -> None:
        gift = give(outside, mine, 10)
        post(actor=SYSTEM, entry=Entry("k", "redeem", move(mine, spent, 6)))
        with pytest.raises(Overdrawn), transaction.atomic():
            reverse(actor=SYSTEM, key="back", transfer_id=gift.id)

    def test_a_settled_redemption_comes_back_as_points_and_goods(
        self, mine: AccountRef, outside: AccountRef, spent: AccountRef
    ) -> None:
        give(outside, mine, 10)
        held = reserve(actor=SYSTEM, key="h", kind="reserve", holds=[(mine, 7)])
        done = settle(actor=SYSTEM, key="s", kind="redeem", hold=held.id, into=lambda _: spent)
        reverse(actor=SYSTEM, key="back", transfer_id=done.id)
        assert (balance(mine).available, balance(mine).held) == (10, 0)


class TestLots:
    def test_what_came_first_goes_first(self, mine: AccountRef, outside: AccountRef, spent: AccountRef) -> None:
        for amount, day in ((5, date(2026, 6, 30)), (7, date(2026, 12, 31))):
            give(outside, mine, amount, expires_on=day)
        post(actor=SYSTEM, entry=Entry("k", "redeem", move(mine, spent, 6)))
        assert [(lot.left, lot.expires_on) for lot in lots(mine)] == [(6, date(2026, 12, 31))]
        soon = next_lapse(mine)
        assert soon is not None
        assert (soon.left, soon.expires_on) == (6, date(2026, 12, 31))

    def test_what_came_later_never_lapses_earlier(self, mine: AccountRef, outside: AccountRef) -> None:
        for day in (date(2026, 12, 31), date(2026, 6, 30)):
            give(outside, mine, 5, expires_on=day)
        assert [lot.expires_on for lot in lots(mine)] == [date(2026, 12, 31)] * 2

    def test_an_empty_account_begins_anew(self, mine: AccountRef, outside: AccountRef, spent: AccountRef) -> None:
        give(outside, mine, 5, expires_on=date(2026, 12, 31))
        post(actor=SYSTEM, entry=Entry("k", "redeem", move(mine, spent, 5)))
        give(outside, mine, 5, expires_on=date(2026, 6, 30))
        assert [lot.expires_on for lot in lots(mine)] == [date(2026, 6, 30)]

    def test_what_has_lapsed_leaves_the_account_once(
        self, mine: AccountRef, outside: AccountRef, spent: AccountRef
    ) -> None:
        give(outside, mine, 5, expires_on=date(2026, 6, 30))
        give(outside, mine, 7, expires_on=date(2026, 12, 31))
        post(actor=SYSTEM, entry=Entry("k", "redeem", move(mine, spent, 2)))
        assert lapsed([HOME], date(2026, 6, 30)) == []
        found = lapsed([HOME], date(2026, 7, 1))
        assert [(lot.account, lot.amount) for lot in found] == [(mine, 3)]
        assert lapse(actor=SYSTEM, kind="lapse", lots=found, into=lambda _: spent) == 1
        assert balance(mine).balance == 7
        assert lapsed([HOME], date(2026, 7, 1)) == []
        assert [lot.amount for lot in lapsed([HOME], date(2027, 1, 1))] == [7]

    def test_what_is_set_aside_does_not_lapse(self, mine: AccountRef, outside: AccountRef) -> None:
        give(outside, mine, 5, expires_on=date(2026, 6, 30))
        reserve(actor=SYSTEM, key="h", kind="reserve", holds=[(mine, 4)])
        assert [lot.amount for lot in lapsed([HOME], date(2026, 7, 1))] == [1]

    def test_points_used_after_the_look_do_not_lapse(
        self, mine: AccountRef, outside: AccountRef, spent: AccountRef
    ) -> None:
        give(outside, mine, 5, expires_on=date(2026, 6, 30))
        found = lapsed([HOME], date(2026, 7, 1))
        post(actor=SYSTEM, entry=Entry("k", "redeem", move(mine, spent, 5)))
        give(outside, mine, 9, expires_on=date(2026, 12, 31))
        with pytest.raises(MovedOn), transaction.atomic():
            post(
                actor=SYSTEM,
                entry=Entry("x", "lapse", [Leg(mine, -5, after=found[0].seq + 1), Leg(spent, 5)]),
            )
        assert balance(mine).balance == 9


def test_a_balance_of_the_past_is_what_it_was(mine: AccountRef, outside: AccountRef) -> None:
    with clock.using(clock.at(date(2026, 3, 1), 9)) as travel:
        for _ in range(3):
            give(outside, mine, 5)
            travel.forward(days=1)
    noon = clock.at(date(2026, 3, 2), 12)
    assert balance(mine, at=noon).balance == 10
    assert balance(mine, at=clock.at(date(2026, 2, 1))).balance == 0
    past = statement(mine, since=clock.at(date(2026, 3, 2)), until=clock.at(date(2026, 3, 3)))
    assert (past.opening.balance, past.closing.balance, len(past.lines)) == (5, 10, 1)
    empty = statement(mine, since=noon, until=noon + timedelta(hours=1))
    assert (empty.opening.balance, empty.closing.balance) == (10, 10)


def test_a_statement_goes_on_where_it_ended(mine: AccountRef, outside: AccountRef) -> None:
    for _ in range(5):
        give(outside, mine, 1)
    first = statement(mine, limit=2)
    assert [line.posting.seq for line in first.lines] == [5, 4]
    second = statement(mine, limit=2, before=first.more)
    assert [line.posting.seq for line in second.lines] == [3, 2]
    assert second.opening.balance == 1


def test_an_account_keeps_no_word_about_a_person() -> None:
    names = {field.name for field in Account._meta.get_fields()} | {field.name for field in Transfer._meta.get_fields()}
    assert not names & {"name", "phone", "note", "remark", "person"}
