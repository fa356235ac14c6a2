"""The web role posts and reads, and can do nothing else to the ledger; the worker can seal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from linli.kernel import ids
from linli.kernel.ledger import AccountRef, Entry, Kind, Overdrawn, balance, checking, move, post, sealing
from linli.kernel.posts.actors import system_actor
from linli.kernel.storage import grants

pytestmark = pytest.mark.django_db

ROLES = {"owner": "t_owner", "worker": "t_worker", "web": "t_web"}
TABLES = ("account", "transfer", "posting", "dayseal", "sealedspan")
HOME, SOURCE = Kind("r.home"), Kind("r.source", bounded=False)


@pytest.fixture(autouse=True)
def roles(settings: object) -> None:
    settings.LINLI_DATABASE_ROLES = ROLES  # type: ignore[attr-defined]
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


def test_the_web_role_posts_and_is_refused_an_overdraft() -> None:
    mine, outside = AccountRef(HOME, ids.uuid7()), AccountRef(SOURCE, ids.uuid7())
    with acting_as("t_web"):
        post(actor=system_actor(), entry=Entry("a", "earn", move(outside, mine, 5)))
        assert balance(mine).balance == 5
    with pytest.raises(Overdrawn), acting_as("t_web"):
        post(actor=system_actor(), entry=Entry("b", "spend", move(mine, outside, 6)))
    with acting_as("t_worker"):
        assert sealing.seal() is not None
    assert list(checking.verify()) == []


@pytest.mark.parametrize("role", ["t_web", "t_worker"])
@pytest.mark.parametrize("table", TABLES)
def test_neither_web_nor_worker_has_a_right_to_change_or_remove(role: str, table: str) -> None:
    for statement in (f"DELETE FROM ledger_{table}", f"TRUNCATE ledger_{table}", f"UPDATE ledger_{table} SET id = id"):
        sql = statement if table != "posting" else statement.replace("SET id = id", "SET amount = amount")
        with pytest.raises(DatabaseError, match="permission denied"), acting_as(role), connection.cursor() as cursor:
            cursor.execute(sql)
