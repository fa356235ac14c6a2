"""Undoing a batch as a whole: what it changed gets its old values back, what it made goes, or nothing happens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from linli.affairs.registry.importing.sql import run
from linli.affairs.registry.models import ImportChange
from linli.affairs.registry.search import index
from linli.kernel.errors import NotNow

_KEYS = {"registry_resident": "person_id", "registry_organisationrecord": "organisation_id"}
_MADE = "SELECT person_id FROM registry_resident WHERE batch_id = %(batch)s"
#: In the order in which rows may go: what points at others first.
_GOING = (
    ("registry_entry", f"id IN ({_MADE})"),
    ("registry_tag", f"resident_id IN ({_MADE})"),
    ("registry_fact", "batch_id = %(batch)s"),
    ("registry_vault", "batch_id = %(batch)s"),
    ("registry_residency", "batch_id = %(batch)s"),
    ("people_membership", f"person_id IN ({_MADE})"),
    ("people_contact", f"person_id IN ({_MADE})"),
    ("registry_resident", "batch_id = %(batch)s"),
)


def undo(batch: UUID) -> None:
    """Undo a batch. Raises :class:`NotNow` when others have built on what it made; nothing is changed then."""
    touched = _touched(batch)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            _drop_added(batch)
            restore(batch)
            _remove(batch)
    except IntegrityError as error:
        raise NotNow(
            _("这批导入的人或房屋后来又办了别的事（走访、标签、事项等），不能整批撤销；请逐条更正。")
        ) from error
    index.residents(touched)


def _touched(batch: UUID) -> list[UUID]:
    """Return the residents that were there before and that the batch changed."""
    found: set[UUID] = set()
    with connection.cursor() as cursor:
        for table, column in (
            ("registry_resident", "person_id"), ("registry_residency", "resident_id"), ("people_contact", "person_id"),
            ("registry_fact", "resident_id"), ("registry_tag", "resident_id"), ("people_membership", "person_id"),
        ):  # fmt: skip
            key = _KEYS.get(table, "id")
            cursor.execute(
                f"SELECT DISTINCT t.{column} FROM registry_importchange c JOIN {table} t ON t.{key} = c.row_id"
                ' WHERE c.batch_id = %s AND c."table" = %s',
                [batch, table],
            )
            found.update(row[0] for row in cursor.fetchall())
    return list(found)


def _drop_added(batch: UUID) -> None:
    """Remove the rows that the batch added to people who were there before."""
    tables = ImportChange.objects.filter(batch=batch, before={}).values_list("table", flat=True).distinct()
    for table in tables.order_by("table"):
        run(
            f"DELETE FROM {table} t USING registry_importchange c WHERE c.batch_id = %(batch)s"
            f" AND c.\"table\" = '{table}' AND c.before = '{{}}'::jsonb AND t.id = c.row_id",
            {"batch": batch},
        )
    run(
        f"DELETE FROM registry_residency WHERE batch_id = %(batch)s AND resident_id NOT IN ({_MADE})",
        {"batch": batch},
    )


def restore(batch: UUID) -> None:
    """Give rows that were changed the values they had."""
    changed = ImportChange.objects.filter(batch=batch).exclude(before={})
    for table in changed.values_list("table", flat=True).distinct().order_by("table"):
        columns = next(iter(changed.filter(table=table).values_list("before", flat=True)[:1]))
        key = _KEYS.get(table, "id")
        # jsonb_populate_record reads each value as the column's own type, bytes included
        sets = ", ".join(f"{name} = was.{name}" for name in columns)
        run(
            f"UPDATE {table} t SET {sets} FROM registry_importchange c,"
            f" LATERAL jsonb_populate_record(NULL::{table}, c.before) was"
            f" WHERE c.batch_id = %(batch)s AND c.\"table\" = '{table}' AND c.before <> '{{}}'::jsonb"
            f" AND t.{key} = c.row_id",
            {"batch": batch},
        )


def _remove(batch: UUID) -> None:
    """Remove the people, households and houses that the batch made."""
    values: dict[str, Any] = {"batch": batch}
    with connection.cursor() as cursor:
        cursor.execute(_MADE, values)
        people = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT household_id FROM registry_home WHERE batch_id = %(batch)s", values)
        households = [row[0] for row in cursor.fetchall()]
    for table, where in _GOING:
        run(f"DELETE FROM {table} WHERE {where}", values)
    run("DELETE FROM people_person WHERE id = ANY(%(people)s)", {"people": people})
    run("DELETE FROM registry_home WHERE batch_id = %(batch)s", values)
    run("DELETE FROM people_household WHERE id = ANY(%(households)s)", {"households": households})
    run("DELETE FROM registry_entry WHERE id IN (SELECT id FROM registry_house WHERE batch_id = %(batch)s)", values)
    for table in ("registry_house", "registry_building", "registry_address"):
        run(f"DELETE FROM {table} WHERE batch_id = %(batch)s", values)
