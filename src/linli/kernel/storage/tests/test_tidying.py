"""Months come and go while people read and write, and nobody waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connection

from linli.kernel import clock, ids, people
from linli.kernel.areas.models import Area
from linli.kernel.people.models import Person
from linli.kernel.privacy.models import AccessLog
from linli.kernel.storage import cli, partitions, probes, tidying

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = AccessLog._meta.db_table
AWAIT = 30.0


@pytest.fixture
def old() -> date:
    """The first of the months, a year ago, for which there are partitions that hold nothing."""
    since = partitions.first_of_month(clock.today(), -12)
    assert partitions.ensure(since) > 0
    return since


@pytest.fixture
def other() -> Iterator[psycopg.Connection[Any]]:
    """Somebody else at the database, who gives up when they would have to wait for half a second."""
    settings = tidying._settings() | {"options": "-c lock_timeout=500"}
    with psycopg.connect(**settings) as found:
        yield found
        found.rollback()


def months(table: str = TABLE) -> set[date]:
    return partitions.existing()[table]


def look() -> None:
    """Write one row of the log, as a web process does."""
    person = people.ensure_by_phone("13887300001", "王大妈")
    AccessLog(at=clock.now(), person=person, shown_as="社区", field_group="phone", purpose="试验").save(
        force_insert=True
    )


def write() -> None:
    """Write what refers to the tables that attaching locks, as a web process does, unwilling to wait."""
    with psycopg.connect(**(tidying._settings() | {"options": "-c lock_timeout=2000"}), autocommit=True) as writer:
        person = ids.uuid7()
        writer.execute(f"UPDATE {Person._meta.db_table} SET id = id WHERE id = %s", [person])
        writer.execute(f"UPDATE {Area._meta.db_table} SET level = level WHERE id = %s", [person])


def test_empty_months_of_the_past_go_and_those_that_hold_a_row_stay(old: date) -> None:
    kept = partitions.first_of_month(old, 2)
    with clock.using(clock.at(kept, 10)):
        look()
    gone = {(part.table, part.month) for part in tidying.tidy()}
    assert (TABLE, old) in gone
    assert (TABLE, kept) not in gone
    assert AccessLog.objects.count() == 1
    assert min(months()) == kept
    recent = partitions.first_of_month(clock.today(), -tidying.MONTHS_KEPT)
    assert {month for month in months() if month < recent} == {kept}
    assert list(tidying.tidy()) == []


def test_a_month_goes_only_when_its_last_reader_is_gone_and_no_writer_waits_for_that(
    old: date, other: psycopg.Connection[Any]
) -> None:
    other.execute(f"SELECT count(*) FROM {TABLE}")  # a transaction that goes on
    found: list[tidying.Part] = []
    tidier = threading.Thread(target=lambda: found.extend(_tidied()))
    tidier.start()
    while tidier.is_alive():
        write()
        look()
    tidier.join(AWAIT)
    assert TABLE not in {part.table for part in found}
    assert AccessLog.objects.exists()
    assert [f.mend for f in probes.horizon() if "partitions tidy" in f.mend]
    other.rollback()
    assert (TABLE, old) in {(part.table, part.month) for part in tidying.tidy()}
    assert not any(part.leaving for part in tidying.parts())


def _tidied() -> list[tidying.Part]:
    try:
        return list(tidying.tidy())
    finally:
        connection.close()


def test_a_month_is_made_while_somebody_reads_and_writes(other: psycopg.Connection[Any]) -> None:
    other.execute(f"SELECT count(*) FROM {TABLE}")
    since = partitions.first_of_month(clock.today(), -12)
    assert partitions.ensure(since) > 0
    write()
    assert since in months()
    other.execute(f"SELECT count(*) FROM {TABLE}")


def test_a_month_that_would_have_to_wait_for_a_lock_is_left_for_later_and_nobody_waits_behind_it(
    other: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "PAUSE_SECONDS", 0.01)
    other.execute(f"LOCK TABLE {Person._meta.db_table} IN ROW EXCLUSIVE MODE")  # a long import, say
    since = partitions.first_of_month(clock.today(), -2)
    maker = threading.Thread(target=_made, args=(since,))
    maker.start()
    while maker.is_alive():
        write()
    maker.join(AWAIT)
    assert since not in months()
    assert since in months("tallies_delta"), "the other tables have theirs"
    other.rollback()
    assert partitions.ensure(since) == 1
    assert since in months()


def _made(since: date) -> None:
    try:
        partitions.ensure(since)
    finally:
        connection.close()


def test_who_would_wait_too_long_gives_up() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT proconfig FROM pg_proc WHERE proname = 'linli_make_partition'")
        assert "lock_timeout=200ms" in cursor.fetchone()[0]


def test_the_command_lists_makes_and_tidies(old: date) -> None:
    run = CliRunner()
    listed = run.invoke(cli.group, ["list"]).output
    assert f"{TABLE}  {old:%Y-%m} 至" in listed
    assert run.invoke(cli.group, ["make"]).output == "新建 0 个分区。\n"
    told = run.invoke(cli.group, ["tidy"]).output
    assert f"移除 {TABLE}_{old:%Y%m}\n" in told
    assert "正被读取" not in told
    assert old not in months()
