"""A delta is written by the event's own transaction, waits in the queue, and cannot be changed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from linli.kernel.storage.together import Together
from linli.kernel.tallies import services
from linli.kernel.tallies.models import Delta, Unfolded

pytestmark = pytest.mark.django_db


def test_a_delta_is_counted_on_the_day_china_had():
    late_evening_utc = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)
    assert services.delta("case.opened", late_evening_utc, area_code="530102").day == date(2026, 3, 2)


def test_deltas_of_one_statement_all_reach_the_queue():
    together = Together()
    rows = [services.delta("case.opened", date(2026, 3, 1), area_code="530102", value=n) for n in (1, 2, -1)]
    together.add(*rows)
    together.flush()
    assert {(u.id, u.value) for u in Unfolded.objects.all()} == {(r.id, r.value) for r in rows}


def test_a_delta_rolled_back_leaves_nothing_to_fold():
    with transaction.atomic():
        services.delta("case.opened", date(2026, 3, 1), area_code="530102").save()
        transaction.set_rollback(True)
    assert not Unfolded.objects.exists()


@pytest.mark.parametrize("statement", ["UPDATE tallies_delta SET value = 7", "DELETE FROM tallies_delta"])
def test_the_database_refuses_to_change_a_delta(statement):
    services.delta("case.opened", date(2026, 3, 1), area_code="530102").save()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Delta.objects.get().value == 1
