"""Rows that are written once, in partitions, together with others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, transaction
from django.db.utils import IntegrityError

from linli.kernel import clock, ids
from linli.kernel.areas.models import Area, AreaVersion
from linli.kernel.storage import partitions
from linli.kernel.storage.models import key_of
from linli.kernel.storage.together import Together
from linli.kernel.tallies.models import Delta

pytestmark = pytest.mark.django_db


def version(area: Area, code: str) -> AreaVersion:
    return AreaVersion(area=area, code=code, name="试验网格", kind="grid", valid_from=date(2024, 1, 1))


def test_rows_of_several_tables_are_written_by_one_statement(django_assert_num_queries: object) -> None:
    areas = [Area(level="grid"), Area(level="grid")]
    together = Together()
    together.add(*areas, *(version(area, f"53250310100{n}") for n, area in enumerate(areas)))
    assert together
    with django_assert_num_queries(1):
        together.flush()
    assert not together
    assert AreaVersion.objects.filter(area__in=areas).count() == 2
    assert all(not area._state.adding for area in areas)


def test_nothing_is_written_when_one_row_is_refused() -> None:
    area = Area(level="grid")
    together = Together()
    together.add(area, Area(id=Area.objects.create(level="grid").pk, level="grid"))
    with pytest.raises(IntegrityError), transaction.atomic():
        together.flush()
    assert not Area.objects.filter(pk=area.pk).exists()


def test_writing_nothing_asks_the_database_nothing(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):
        Together().flush()


def test_values_with_quotes_percent_signs_and_nulls_arrive_as_they_are() -> None:
    area = Area(level="grid")
    row = version(area, "532503101001")
    row.name = "100% '引号' \\ 换\n行"
    row.boundary = {"type": "Point", "说明": "%s"}
    together = Together()
    together.add(area, row)
    together.flush()
    row.refresh_from_db()
    assert (row.name, row.boundary, row.parent_id) == (
        "100% '引号' \\ 换\n行",
        {"type": "Point", "说明": "%s"},
        None,
    )


def test_changes_go_out_in_the_statement_that_writes_the_new_rows(django_assert_num_queries: object) -> None:
    area = Area.objects.create(level="grid")
    row = version(area, "532503101001")
    row.save(force_insert=True)
    other = Area(level="grid")
    row.name, row.boundary, row.valid_to = "改'名' 100%", {"type": "Point"}, date(2025, 1, 1)
    together = Together()
    together.add(other, version(other, "532503101002"))
    together.change(row, ["name", "boundary", "valid_to"])
    with django_assert_num_queries(1):
        together.flush()
    row.refresh_from_db()
    assert (row.name, row.boundary, row.valid_to) == ("改'名' 100%", {"type": "Point"}, date(2025, 1, 1))
    assert Area.objects.filter(pk=other.pk).exists()


def test_a_change_alone_is_written_and_no_change_asks_nothing(django_assert_num_queries: object) -> None:
    area = Area.objects.create(level="grid")
    row = version(area, "532503101001")
    row.save(force_insert=True)
    together = Together()
    together.change(row, [])
    assert not together
    row.name = "改名"
    together.change(row, ["name"])
    with django_assert_num_queries(1):
        together.flush()
    row.refresh_from_db()
    assert row.name == "改名"


def delta() -> Delta:
    known = {"metric": "test", "day": clock.today(), "area_code": "532503", "value": 1}
    fields = {}
    for name, value in known.items():
        try:
            Delta._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        fields[name] = value
    return Delta(**fields)


def test_a_row_lands_in_the_partition_of_its_month() -> None:
    row = delta()
    together = Together()
    together.add(row)
    together.flush()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tableoid::regclass::text FROM {Delta._meta.db_table} WHERE id = %s", [row.id])
        assert cursor.fetchone()[0] == f"{Delta._meta.db_table}_{clock.today():%Y%m}"


def test_a_row_that_is_written_once_can_be_neither_changed_nor_deleted() -> None:
    row = delta()
    row.save(force_insert=True)
    for change in (lambda: Delta.objects.filter(pk=row.pk).update(value=2), row.delete):
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            change()


def test_partitions_reach_thirteen_months_ahead() -> None:
    expected = partitions.first_of_month(clock.today(), partitions.MONTHS_AHEAD + 1)
    assert {partitions.horizon(table) for table in partitions.tables()} == {expected}


def test_partitions_are_made_back_to_the_oldest_data_and_only_once() -> None:
    since = clock.today() - timedelta(days=400)
    assert partitions.ensure(since) > 0
    assert partitions.ensure(since) == 0
    with clock.using(clock.at(since, 10)):
        delta().save(force_insert=True)


def test_a_partition_made_later_refuses_to_be_emptied_too() -> None:
    since = clock.today() - timedelta(days=400)
    partitions.ensure(since)
    table = f"{Delta._meta.db_table}_{since:%Y%m}"
    with (
        pytest.raises(IntegrityError, match="written once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table}")


def test_months_are_counted_over_the_turn_of_the_year() -> None:
    assert partitions.first_of_month(date(2026, 11, 22), 2) == date(2027, 1, 1)
    assert partitions.first_of_month(date(2026, 1, 31), -1) == date(2025, 12, 1)
    assert partitions.wanted(date(2026, 11, 22))[0] == date(2026, 10, 1)
    assert partitions.wanted(date(2026, 11, 22))[-1] == date(2027, 12, 1)


def test_a_key_is_read_from_text_or_refused() -> None:
    identifier = ids.uuid7()
    assert key_of(str(identifier)) == identifier
    with pytest.raises(ValueError, match="badly formed"):
        key_of("nonsense")
