"""What limits guessing is counted by all web processes together."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from linli.kernel import clock
from linli.kernel.people import attempts
from linli.kernel.people.attempts import Attempts
from linli.kernel.people.models import Attempt


@pytest.mark.django_db
def test_one_process_sees_what_another_counted() -> None:
    here, there = Attempts("", {}), Attempts("", {})
    here.set("login:secretary", [1.5, 2.5])
    assert there.get("login:secretary") == [1.5, 2.5]
    assert there.get("login:another", []) == []
    assert there.delete("login:secretary")
    assert here.get("login:secretary") is None


@pytest.mark.django_db
def test_what_has_ended_counts_no_more_and_is_cleared_away() -> None:
    here = Attempts("", {})
    with clock.using(clock.now()) as time:
        assert here.add("lock", 1, 10)
        assert not here.add("lock", 2, 10)
        here.set("kept", 3, None)
        time.forward(seconds=11)
        assert here.get("lock") is None
        assert not here.touch("lock")
        assert here.add("lock", 4, 10)
        assert here.touch("lock", 100)
        time.forward(seconds=50)
        assert here.get("lock") == 4
        time.forward(seconds=60)
        assert attempts.forget() == 1
    assert Attempt.objects.filter(ends_at__gt=clock.now() + timedelta(days=9999)).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_for_one_lock_at_once_one_gets_it() -> None:
    got: list[bool] = []

    def ask() -> None:
        try:
            got.append(Attempts("", {}).add("lock", 1, 10))
        finally:
            connection.close()

    asking = [threading.Thread(target=ask) for _n in range(8)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert sorted(got) == [False] * 7 + [True]


@pytest.mark.django_db
def test_the_database_holds_neither_accounts_nor_addresses() -> None:
    cache.set("allauth:rl:login:ip:10.1.2.3:secretary", [1.0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_attempt")
        kept = repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()])
    assert "secretary" not in kept
    assert "10.1.2.3" not in kept
