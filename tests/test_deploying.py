"""What stands in deploy/ and in the operator's pages can be run as it stands there."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from linli.cli.root import Root
from tests.test_operator_docs import settings_read

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "SECURITY.md"]
UNITS = sorted((DEPLOY / "systemd").iterdir())
COMMAND = re.compile(r"(?:^|[`'\"( ])linli ((?:[a-z][a-z-]*)(?: [^`'\"\n|;&#,）。；]*)?)")


def commands_in(text: str) -> Iterator[list[str]]:
    """Yield the arguments of every ``linli …`` in code of a page, a unit or a compose file."""
    for line in text.splitlines():
        for found in COMMAND.finditer(line):
            yield found[1].split()


NOT_COMMANDS = {"field hand-in"}
"""Words that read like a command: the purpose from which a key is derived (docs/field-offline.md)."""


def in_code(page: str) -> str:
    """Return what a page shows as code: fenced blocks and spans."""
    fenced = re.findall(r"```(?:sh|ini|bash)?\n(.*?)```", page, re.DOTALL)
    return "\n".join([*fenced, *(f"`{span}`" for span in re.findall(r"`([^`\n]+)`", page))])


def unknown(arguments: list[str]) -> str:
    """Return what of a command line the command does not know; nothing when it could be run."""
    command: click.Command | None = Root()
    context = click.Context(command, info_name="linli")  # type: ignore[arg-type] # just made
    words = [word for word in arguments if word]
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        word = words.pop(0)
        found = command.get_command(context, word)
        if found is None:
            return f"no command {word}" if isinstance(command, Root) or (word.isascii() and word.islower()) else ""
        command, context = found, click.Context(found, info_name=word, parent=context)
    known = {name for parameter in (command.params if command else []) for name in parameter.opts} | {"--help"}
    return next(
        (f"no option {word}" for word in words if word.startswith("--") and word.split("=")[0] not in known), ""
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_on_a_page_exists_with_its_options(page: Path) -> None:
    wrong = {
        " ".join(arguments): why
        for arguments in commands_in(in_code(page.read_text(encoding="utf-8")))
        if " ".join(arguments) not in NOT_COMMANDS and (why := unknown(arguments))
    }
    assert wrong == {}


def test_a_command_that_does_not_exist_is_seen() -> None:
    assert unknown(["nonsense"]) == "no command nonsense"
    assert unknown(["serve", "--prot", "1"]) == "no option --prot"
    assert unknown(["serve", "--port", "1"]) == ""
    assert list(commands_in("ExecStart=/opt/linli/.venv/bin/linli serve --port 8000")) == []
    assert list(commands_in("run `linli doctor --verify`")) == [["doctor", "--verify"]]


def unit(path: Path) -> configparser.RawConfigParser:
    read = configparser.RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign] # keys keep their case
    read.read_string(path.read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_a_command_that_exists(path: Path) -> None:
    read = unit(path)
    if path.suffix == ".timer":
        assert (path.with_suffix(".service")).exists()
        return
    line = read["Service"]["ExecStart"]
    started = re.search(r"bin/linli ([a-z][^'\n]*)", line)
    assert started, line
    assert unknown(shlex.split(started[1].replace("%%", "%"))[:1]) == ""
    assert read["Service"]["NoNewPrivileges"] == "yes"


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd is not on this machine: the units are parsed above"
)
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for path in UNITS:
        # The program and the user are the operator's to make.
        text = path.read_text(encoding="utf-8").replace("/opt/linli/.venv/bin/linli", "/bin/true")
        (tmp_path / path.name).write_text(
            text.replace("User=linli", "User=daemon").replace("Group=linli", "Group=daemon")
        )
    call = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(
        call,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "SYSTEMD_LOG_TARGET": "console"},
    )
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "linli" in line]
    assert ours == []


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "docker" / "compose.yml").read_text(encoding="utf-8")))


def test_the_compose_file_has_web_worker_database_and_proxy_and_every_command_exists() -> None:
    services = compose()["services"]
    assert set(services) == {"database", "migrate", "web", "worker", "proxy"}
    for name in ("migrate", "worker"):
        assert unknown(services[name]["command"][1:]) == ""
    for service in services.values():
        for needed in service.get("depends_on", ()):
            assert needed in services
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in compose()["volumes"] or (DEPLOY / "docker" / source).exists(), volume
    assert services["proxy"]["ports"] == ["80:80", "443:443"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"], (
        "only the proxy faces outwards"
    )


def test_the_image_runs_what_exists_as_nobody_in_particular() -> None:
    text = (DEPLOY / "docker" / "Dockerfile").read_text(encoding="utf-8")
    stages = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert all(":" in image for image in stages), "images are named with their version"
    assert "USER linli" in text.split("FROM")[-1]
    assert "--require-hashes" in text
    (last,) = re.findall(r"^CMD \[(.*)\]$", text, re.MULTILINE)
    assert unknown([word.strip().strip('"') for word in last.split(",")][1:]) == ""
    for copied in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE):
        for source in copied.split():
            assert (ROOT / source).exists(), source


def test_the_example_of_settings_names_only_what_exists() -> None:
    text = (DEPLOY / "docker" / "linli.env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^(LINLI_[A-Z_]+)=", text, re.MULTILINE))
    assert named - settings_read() - {"LINLI_DB_OWNER", "LINLI_DB_WORKER", "LINLI_DB_WEB"} == set()
    secret = [line for line in text.splitlines() if re.match(r"[A-Z_]*(PASSWORD|TOKEN)=", line)]
    assert secret
    assert [line for line in secret if not line.endswith("=")] == [], (
        "an example carries no secret that somebody might keep"
    )
    script = (DEPLOY / "docker" / "roles.sh").read_text(encoding="utf-8")
    assert {name for name in re.findall(r"\$([A-Z_]+)", script) if f"{name}=" not in text} == set()
