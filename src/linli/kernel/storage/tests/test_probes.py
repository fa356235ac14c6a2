"""What doctor says of a database that is not as it should be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from linli.kernel import clock
from linli.kernel.storage import partitions, probes
from linli.kernel.storage.doctor import State

pytestmark = pytest.mark.django_db


def states(check: object) -> list[State]:
    return [finding.state for finding in check()]


@pytest.mark.parametrize("check", [probes.server, probes.encoding, probes.migrations, probes.horizon])
def test_a_fresh_database_is_in_order(check: object) -> None:
    assert states(check) == [State.OK]


def test_partitions_that_run_out_are_told_in_time_and_then_loudly() -> None:
    end = clock.at(partitions.first_of_month(clock.today(), partitions.MONTHS_AHEAD + 1))
    for days, state in ((90, State.WARN), (20, State.BAD)):
        with clock.using(end - timedelta(days=days)):
            assert states(probes.horizon) == [state]
            assert all("linli worker" in finding.mend for finding in probes.horizon())


def test_one_role_for_all_is_a_warning_and_three_are_in_order(settings: object) -> None:
    settings.LINLI_DATABASE_ROLES = {"owner": "one", "worker": "one", "web": "one"}
    assert states(probes.roles) == [State.WARN]
    settings.LINLI_DATABASE_ROLES = {"owner": "a", "worker": "b", "web": "c"}
    assert states(probes.roles) == [State.OK]


def test_every_table_that_is_written_once_is_guarded() -> None:
    assert states(probes.written_once) == []


def test_a_trigger_that_was_dropped_or_switched_off_is_found() -> None:
    table = partitions.tables()[0]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER linli_once_table")
        assert states(probes.written_once) == [State.BAD]
        cursor.execute(f"DROP TRIGGER linli_once_rows ON {table}")
        assert states(probes.written_once) == [State.BAD, State.BAD]


def test_a_migration_that_waits_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'areas'")
    assert states(probes.migrations) == [State.BAD]
