"""The operator's pages are complete: every setting and every command that exists is on them."""

from __future__ import annotations

import re
from pathlib import Path

from linli.cli import rooms
from linli.cli.root import OWN

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "linli"


def settings_read() -> set[str]:
    pattern = re.compile(r'"((?:LINLI_[A-Z_]+|DATABASE_URL))"')
    own = {"LINLI_TEST_SESSION"}
    found: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        if "tests" not in file.parts:
            for line in file.read_text(encoding="utf-8").splitlines():
                if "env" in line or "ASKED" in line:
                    found |= set(pattern.findall(line))
    return found - own


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert {name for name in settings_read() if f"`{name}`" not in page} == set()


def test_every_documented_setting_exists() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE))
    source = "".join(f.read_text(encoding="utf-8") for f in SOURCE.rglob("*.py"))
    derived = {"LINLI_DB_OWNER", "LINLI_DB_WORKER", "LINLI_DB_WEB"}
    assert {name for name in documented - derived if name not in source} == set()


def test_every_command_is_documented() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in [*OWN, *rooms.commands()] if f"linli {name}" not in page] == []


def test_every_contributed_command_says_what_it_does() -> None:
    assert [found.name for found in rooms.commands().values() if not found.help] == []
