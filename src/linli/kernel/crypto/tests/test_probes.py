"""What doctor says about protected columns."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from linli.kernel.crypto import cli, keyring, probes
from linli.kernel.crypto.tests.conftest import TWO, Locker
from linli.kernel.storage.doctor import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(table: None) -> Locker:
    return Locker.objects.create(secret="13888888888")


def test_readable_columns_are_well(row: Locker) -> None:
    assert [finding.state for finding in probes.fields()] == [State.OK]
    assert list(probes.rotated()) == []


def test_a_key_from_another_backup_is_found(row: Locker, keys: dict[str, str]) -> None:
    keys["fields"] = TWO
    keyring.forget()
    assert [finding.state for finding in probes.fields()] == [State.BAD, State.OK]


def test_the_commands_renew_the_key_from_end_to_end(row: Locker, keys: dict[str, str]) -> None:
    made = CliRunner().invoke(cli.group, ["new"])
    keys["fields"] = made.stdout.splitlines()[0]
    keyring.forget()
    assert [finding.state for finding in probes.rotated()] == [State.WARN]
    assert "crypto_tests_locker.secret：1" in CliRunner().invoke(cli.group, ["status"]).stdout
    assert "已重新加密 1 处" in CliRunner().invoke(cli.group, ["rotate"]).stdout
    assert list(probes.rotated()) == []
    row.refresh_from_db()
    assert row.secret == "13888888888"
