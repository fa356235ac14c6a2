"""Every command and every statement of the operator's handbook is run: here, or in the test that is named here."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connection
from psycopg import sql

from linli.cli.root import Root
from tests.support.world import World

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

RUN = [
    ["check"],
    ["doctor", "--json"],
    ["doctor", "--verify"],
    ["areas", "summary"],
    ["policy", "check", "mengzi"],
    ["calendar", "show", "2026"],
    ["keys", "status"],
    ["registry", "search", "王大妈"],
    ["registers", "seed"],
    ["ledger", "verify"],
    ["ledger", "seal"],
    ["stats", "cases"],
    ["stats", "rates"],
    ["stats", "whistles"],
    ["stats", "dispatch"],
    ["stats", "indices"],
    ["stats", "supervision"],
    ["stats", "events"],
    ["stats", "recount"],
    ["dispatch", "train"],
    ["partitions", "list"],
    ["partitions", "make"],
]
MAY_FIND = {"doctor", "check", "dispatch"}
"""These may say by their exit status that something is missing: a worker, HTTPS, sixty closed matters to learn from."""
ELSEWHERE = {
    "demo": "tests/demo/test_builds.py",
    "practice": "src/linli/affairs/practice/tests/test_practice.py",
    "init": "src/linli/cli/tests/conftest.py",
    "serve": "src/linli/cli/tests/test_commands.py",
    "worker": "tests/resilience/site.py",
    "migrate": "src/linli/cli/tests/test_commands.py",
    "account": "src/linli/cli/tests/test_commands.py",
    "token": "src/linli/cli/tests/test_commands.py",
    "backup": "src/linli/cli/tests/test_commands.py",
    "restore": "src/linli/cli/tests/test_archive.py",
    "archive": "src/linli/cli/tests/test_archive.py",
    "database": "src/linli/cli/tests/test_archive.py",
    "hotline": "src/linli/gateways/hotline/tests/test_hotline.py",
    "briefing": "src/linli/affairs/briefings/tests/test_briefing.py",
}


def named() -> set[str]:
    """Return the commands of the handbook's table and of its other code."""
    spans = " ".join(re.findall(r"`([^`]+)`", PAGE))
    return set(re.findall(r"\blinli ([a-z]+)\b", spans)) & set(Root().list_commands(None))  # type: ignore[arg-type]


def test_every_command_of_the_handbook_is_run_here_or_there() -> None:
    here = {arguments[0] for arguments in RUN}
    assert named() - here - ELSEWHERE.keys() == set()
    for name, file in ELSEWHERE.items():
        assert re.search(rf"\b{name}\b", (ROOT / file).read_text(encoding="utf-8")), (name, file)


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", RUN, ids=" ".join)
def test_the_command_runs(world: World, arguments: list[str]) -> None:
    done = CliRunner().invoke(Root(), arguments)
    if arguments[0] in MAY_FIND:
        assert done.exit_code in {0, 1}, done.output
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    else:
        assert done.exit_code == 0, (done.output, done.exception)
    if "--json" in arguments:
        assert json.loads(done.stdout)["probes"]


def statements() -> Iterator[str]:
    """Yield the statements of the handbook, in order."""
    for block in re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL):
        for statement in re.findall(r"(?:[^;']|'[^']*')+;", block):
            yield statement.strip().rstrip(";")


@pytest.fixture
def server(db: None) -> dict[str, Any]:
    """How to reach the server as its administrator."""
    given = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    return {name: given[key] for name, key in names.items() if given[key]}


def test_every_statement_of_the_handbook_runs_in_its_order(server: dict[str, Any]) -> None:
    mark = f"hb{os.getpid()}_"
    ours = [re.sub(r"\b(linli|mengzi)(_\w+)?\b(?![/%])", rf"{mark}\g<0>", one) for one in statements()]
    assert len(ours) > 12
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as admin:
        inside: psycopg.Connection[Any] = admin
        try:
            for statement in ours:
                inside.execute(statement)  # type: ignore[arg-type] # the page's own
                if found := re.match(r"ALTER SYSTEM SET (\w+)", statement):
                    inside.execute(f"ALTER SYSTEM RESET {found[1]}")  # type: ignore[arg-type] # a name of the page's
                if statement.startswith("CREATE DATABASE"):
                    inside = psycopg.connect(dbname=f"{mark}linli", autocommit=True, **server)
            grants = inside.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [f"{mark}mengzi"])
            assert grants.fetchone() == (1,)
        finally:
            if inside is not admin:
                inside.execute("REVOKE ALL ON FUNCTION pg_switch_wal() FROM " + f"{mark}linli_owner")  # type: ignore[arg-type]
                inside.close()
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(f"{mark}linli")))
            roles = admin.execute("SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [mark]).fetchall()
            for (role,) in roles:
                admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
