"""Three roles, and what each is refused by the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.utils import IntegrityError, ProgrammingError
from psycopg import sql

from linli.kernel import ids
from linli.kernel.areas.models import Area
from linli.kernel.storage import grants, partitions
from linli.kernel.storage.models import Ledgered

pytestmark = pytest.mark.django_db

ROLES = {"owner": "t_owner", "worker": "t_worker", "web": "t_web"}


@pytest.fixture(autouse=True)
def roles(settings: object) -> None:
    settings.LINLI_DATABASE_ROLES = ROLES
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            pytest.skip("the database's user may not make roles")
        for name in ("t_worker", "t_web"):
            cursor.execute(f"CREATE ROLE {name}")
    assert grants.apply() is True


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        yield
        cursor.execute("RESET ROLE")


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def ledgered() -> list[str]:
    return partitions.tables()


def test_there_are_tables_that_are_written_once() -> None:
    assert ledgered()


@pytest.mark.parametrize("role", ["t_web", "t_worker"])
def test_neither_web_nor_worker_may_change_a_table_that_is_written_once(role: str) -> None:
    guarded = grants.written_once()
    for table in ledgered():
        verbs = [f"TRUNCATE {table}"]
        if not (role == "t_worker" and guarded[table].erasable):
            verbs += [f"DELETE FROM {table}", f"UPDATE {table} SET id = id"]
        for statement in verbs:
            with pytest.raises(ProgrammingError, match="permission denied"), acting_as(role):
                run(statement)


def test_the_web_role_may_read_and_add_there_and_work_on_ordinary_tables() -> None:
    with acting_as("t_web"):
        for table in ledgered():
            run(f"SELECT * FROM {table} LIMIT 1")
        area = Area.objects.create(level="grid")
        Area.objects.filter(pk=area.pk).update(level="micro")
        area.delete()


def test_the_web_role_reaches_no_partition_by_its_own_name() -> None:
    table = ledgered()[0]
    child = f"{table}_{max(partitions.existing()[table]):%Y%m}"
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as("t_web"):
        run(f"SELECT * FROM {child}")


def test_the_web_role_changes_only_the_columns_a_model_names() -> None:
    for model in apps.get_models():
        if issubclass(model, Ledgered) and model.mutable:
            column = model._meta.get_field(model.mutable[0]).column
            with acting_as("t_web"):
                run(f'UPDATE {model._meta.db_table} SET "{column}" = "{column}"')
            with pytest.raises(ProgrammingError, match="permission denied"), acting_as("t_web"):
                run(f"UPDATE {model._meta.db_table} SET id = id")


def test_the_worker_makes_partitions_and_the_web_role_does_not() -> None:
    table = ledgered()[0]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(f"{table}_{_last(table):%Y%m}")))
    arguments = partitions.arguments(table, partitions.wanted(partitions.clock.today())[-1])
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        acting_as("t_web"),
        connection.cursor() as c,
    ):
        c.execute(partitions.MAKE, arguments)
    with acting_as("t_worker"):
        assert partitions.ensure() == 1
        assert partitions.ensure() == 0


def _last(table: str) -> object:
    return max(partitions.existing()[table])


def test_the_worker_cannot_make_a_partition_of_a_table_that_has_none() -> None:
    identifier = str(ids.uuid7())
    with (
        pytest.raises(DatabaseError, match="not partitioned"),
        acting_as("t_worker"),
        connection.cursor() as cursor,
    ):
        cursor.execute(partitions.MAKE, ["areas_area", "202601", identifier, identifier])


def test_rights_given_by_hand_are_taken_away_by_the_next_migration() -> None:
    table = ledgered()[0]
    run(f"GRANT DELETE ON {table} TO t_web")
    grants.apply()
    with pytest.raises(ProgrammingError, match="permission denied"), acting_as("t_web"):
        run(f"DELETE FROM {table}")


def test_one_role_for_all_needs_no_grants(settings: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        me = cursor.fetchone()[0]
    settings.LINLI_DATABASE_ROLES = dict.fromkeys(ROLES, me)
    assert grants.apply() is False


def test_the_owner_too_cannot_empty_a_table_or_a_partition_of_it() -> None:
    for table in ledgered():
        for name in (table, f"{table}_{_last(table):%Y%m}"):
            with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
                run(f"TRUNCATE {name}")


def test_functions_that_others_own_are_left_to_them() -> None:
    run("CREATE ROLE t_other")
    run("CREATE FUNCTION t_theirs() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    run("CREATE FUNCTION t_ours() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    run("ALTER FUNCTION t_theirs() OWNER TO t_other")
    granted = {str(statement.as_string(None)) for statement in grants.statements("web", "t_web")}
    assert any("t_ours()" in statement for statement in granted)
    assert not any("t_theirs()" in statement for statement in granted)
