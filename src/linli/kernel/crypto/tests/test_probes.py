"""What doctor says about protected columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from linli.kernel import clock
from linli.kernel.crypto import cli, keyring, probes, rotation
from linli.kernel.people.models import SignInCode
from linli.kernel.storage.doctor import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    ours = [(SignInCode, SignInCode._meta.get_field("phone"))]
    monkeypatch.setattr(rotation, "columns", lambda: ours)
    held = {"fields": "11" * 32, "hashes": "33" * 32}
    settings.LINLI_SECRET = held.__getitem__
    yield held
    keyring.forget()


@pytest.fixture
def code(keys: dict[str, str]) -> SignInCode:
    now = clock.now()
    return SignInCode.objects.create(
        phone="13888888888", phone_hash=b"", network_hash=b"", created_at=now, expires_at=now
    )


def test_readable_columns_are_well(code: SignInCode) -> None:
    assert [finding.state for finding in probes.fields()] == [State.OK]
    assert list(probes.rotated()) == []


def test_a_key_from_another_backup_is_found(code: SignInCode, keys: dict[str, str]) -> None:
    keys["fields"] = "22" * 32
    keyring.forget()
    assert [finding.state for finding in probes.fields()] == [State.BAD, State.OK]


def test_the_commands_renew_the_key_from_end_to_end(code: SignInCode, keys: dict[str, str]) -> None:
    made = CliRunner().invoke(cli.group, ["new"])
    keys["fields"] = made.stdout.splitlines()[0]
    keyring.forget()
    assert [finding.state for finding in probes.rotated()] == [State.WARN]
    assert "people_signincode.phone：1" in CliRunner().invoke(cli.group, ["status"]).stdout
    assert "已重新加密 1 处" in CliRunner().invoke(cli.group, ["rotate"]).stdout
    assert list(probes.rotated()) == []
    code.refresh_from_db()
    assert code.phone == "13888888888"
