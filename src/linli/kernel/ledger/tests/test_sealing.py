"""The seal holds, and what is changed behind the ledger's back shows."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from psycopg.rows import dict_row

import linli
from linli.kernel import crypto, ids
from linli.kernel.ledger import AccountRef, Entry, Kind, checking, move, post, sealing
from linli.kernel.ledger.cli import group
from linli.kernel.ledger.models import DaySeal, SealedSpan
from linli.kernel.posts.actors import system_actor

pytestmark = pytest.mark.django_db

HOME, SOURCE = Kind("s.home"), Kind("s.source", bounded=False)
MINE, OUTSIDE = AccountRef(HOME, ids.uuid7()), AccountRef(SOURCE, ids.uuid7())
SCRIPT = Path(linli.__file__).parents[2] / "docs" / "audit" / "ledger.py"


def earn(key: str, amount: int = 5) -> None:
    post(actor=system_actor(), entry=Entry(key, "earn", move(OUTSIDE, MINE, amount)))


@contextmanager
def guards_off() -> Iterator[Any]:
    """What somebody with the owner's rights could do."""
    with connection.cursor() as cursor:
        for table in ("posting", "transfer", "sealedspan", "dayseal"):
            cursor.execute(f"ALTER TABLE ledger_{table} DISABLE TRIGGER USER")
        yield cursor
        for table in ("posting", "transfer", "sealedspan", "dayseal"):
            cursor.execute(f"ALTER TABLE ledger_{table} ENABLE TRIGGER USER")


def script() -> Any:
    spec = importlib.util.spec_from_file_location("audit_ledger", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def audited(key: bytes | None = None) -> list[str]:
    """Return what the auditor's script finds in the rows of this test's transaction."""
    assert connection.connection is not None
    with connection.connection.cursor(row_factory=dict_row) as cursor:

        def rows(sql: str) -> list[dict[str, Any]]:
            return list(cursor.execute(sql).fetchall())

        return list(script().all_faults(rows, key))


def test_a_seal_covers_what_is_new_and_follows_the_one_before() -> None:
    earn("a")
    first = sealing.seal()
    assert first is not None
    assert (first.number, first.count) == (1, 2)
    assert sealing.seal() is None
    earn("b")
    earn("c")
    second = sealing.seal()
    assert second is not None
    assert bytes(second.previous) == bytes(first.digest)
    assert set(SealedSpan.objects.filter(seal_number=2).values_list("first", "last", "balance")) == {
        (2, 3, 15),
        (2, 3, -15),
    }
    assert list(checking.verify()) == []
    assert audited() == []
    assert audited(crypto.public_key(sealing.KEY)) == []


@pytest.mark.parametrize(
    ("change", "said_by_us", "said_by_the_script"),
    [
        (
            "UPDATE ledger_posting SET amount = amount * 2, balance = balance * 2",
            "所封不符",
            "is not what seal 1 sealed",
        ),
        ("UPDATE ledger_transfer SET kind = 'other'", "所封不符", "is not what seal 1 sealed"),
        ("DELETE FROM ledger_posting WHERE seq = 2", "所封不符", "is not what seal 1 sealed"),
        ("UPDATE ledger_posting SET balance = 99 WHERE seq = 2", "接不上", "does not follow"),
        ("UPDATE ledger_posting SET amount = 6 WHERE seq = 2 AND amount = 5", "借贷不平", "does not sum to zero"),
        ("UPDATE ledger_sealedspan SET digest = '\\x00'", "被改动", "was changed"),
        ("UPDATE ledger_dayseal SET signature = digest || digest", "签名不符", "signature does not hold"),
    ],
)
def test_what_the_owner_changes_shows(change: str, said_by_us: str, said_by_the_script: str) -> None:
    earn("a")
    earn("b")
    sealing.seal()
    with guards_off() as cursor:
        cursor.execute(change)
    assert any(said_by_us in fault for fault in checking.verify())
    assert any(said_by_the_script in fault for fault in audited())


def test_a_seal_by_another_key_shows_to_an_auditor_who_has_ours() -> None:
    earn("a")
    sealing.seal()
    assert audited(b"another key") == ["seal 1: signed with another key than the one given"]


def test_a_guard_that_was_switched_off_shows() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_posting DISABLE TRIGGER linli_ledger_append")
    assert any("linli_ledger_append" in fault for fault in checking.verify())


def test_the_command_says_whether_the_ledger_is_whole() -> None:
    earn("a")
    told = CliRunner().invoke(group, ["seal"])
    assert "第 1 封" in told.output
    told = CliRunner().invoke(group, ["verify"])
    assert told.exit_code == 0
    assert "全部相符" in told.output
    with guards_off() as cursor:
        cursor.execute("UPDATE ledger_posting SET balance = 99")
    told = CliRunner().invoke(group, ["verify", "--json"])
    assert told.exit_code == 1
    assert '"ok": false' in told.output


def test_nobody_changes_a_seal() -> None:
    earn("a")
    sealing.seal()
    for model in (DaySeal, SealedSpan):
        with pytest.raises(Exception, match="written once"), transaction.atomic():
            model.objects.all().delete()
