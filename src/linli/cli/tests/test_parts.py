"""The pieces the commands are made of."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import click
import pytest
from django.db.utils import OperationalError, ProgrammingError

from linli.cli import assets, backup, rooms, supervise
from linli.cli.why import Problem, explain
from linli.config import lifeline
from linli.kernel.errors import NotHere
from linli.kernel.storage import doctor

ROOM = '''
import click

@click.group("areas", help="区划。\\n更多")
def group(): ...

@group.command("summary")
def summary(): ...

@click.command(name="stats-now", short_help="统计")
def stats(): ...

@click.command
def plain_one():
    """Say something. Then more."""

def helper(): ...
'''


def test_a_rooms_commands_are_found_by_reading_its_source() -> None:
    found = rooms.read(ROOM, "linli.kernel.areas.cli")
    assert [(c.name, c.attribute, c.help) for c in found] == [
        ("areas", "group", "区划"),
        ("stats-now", "stats", "统计"),
        ("plain-one", "plain_one", "Say something. Then more"),
    ]


def test_every_contributed_command_bears_the_name_it_is_listed_under() -> None:
    for found in rooms.commands().values():
        assert rooms.load(found).name == found.name


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (Problem("原因：办法"), "错误：原因：办法"),
        (NotHere(), "错误：没有找到"),
        (OperationalError("could not connect\nmore"), "linli doctor"),
        (ProgrammingError('relation "x" does not exist\nLINE 1'), "linli migrate"),
        (ZeroDivisionError("division by zero"), "--debug"),
        (click.Abort(), "已取消"),
    ],
)
def test_every_error_is_one_line(error: Exception, says: str) -> None:
    assert says in explain(error)
    assert "\n" not in explain(error)


def test_a_broken_probe_is_a_finding_and_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[doctor.Finding]:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(doctor, "_probes", {})
    monkeypatch.setattr(doctor, "autodiscover_modules", lambda _name: None)
    doctor.probe("test.broken", "坏的")(broken)
    doctor.probe("test.well", "好的")(lambda: [doctor.ok("好")])
    doctor.probe("test.deep", "深的", deep=True)(lambda: [doctor.warn("慢", mend="等")])
    assert [(r.name, r.state) for r in doctor.examine()] == [("test.broken", "bad"), ("test.well", "ok")]
    assert [r.state for r in doctor.examine(deep=True)] == ["bad", "ok", "warn"]


def test_a_child_does_not_outlive_its_killed_parent(tmp_path: Path) -> None:
    mark = tmp_path / "child"
    child = (
        "import os, pathlib, time; from linli.config import lifeline; lifeline.follow_parent_if_asked(); "
        f"pathlib.Path({str(mark)!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    running = subprocess.Popen([sys.executable, "-c", parent], env=os.environ | {lifeline.ASKED: "1"})
    _until(mark.exists)
    _until(lambda: mark.read_text() != "")
    number = int(mark.read_text())
    running.kill()
    running.wait()
    _until(lambda: not _alive(number))


def test_a_dead_child_is_started_again_and_one_that_keeps_dying_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with supervise.running({"甲": ["--version"]}) as children, pytest.raises(Problem, match="甲反复退出"):
        children.watch()


def test_ctrl_c_and_sigterm_end_the_block_without_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        with supervise.signals():
            os.kill(os.getpid(), number)
            time.sleep(5)
        assert "已停止" in capsys.readouterr().out


def test_a_restore_replays_the_longer_of_two_registers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_HOME", str(tmp_path))
    restored, here = tmp_path / "restored", tmp_path / backup.ERASURES
    restored.write_text("one\n")
    assert backup.newest_register(restored) == here
    assert here.read_text() == "one\n"
    assert here.stat().st_mode & 0o077 == 0
    here.write_text("one\ntwo\n")
    backup.newest_register(restored)
    assert here.read_text() == "one\ntwo\n"


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "media/../../outside"])
def test_a_file_that_would_land_outside_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "evil.tar"
    with tarfile.open(file, "w") as archive:
        archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    (tmp_path / "into").mkdir()
    with pytest.raises(Problem, match="不是完整的备份"):
        backup._unpack(file, tmp_path / "into")


def test_static_files_have_one_fingerprint_until_one_changes() -> None:
    assert assets.fingerprint() == assets.fingerprint()


def _until(done: object, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


def _alive(number: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{number}/stat").read_text()
    except FileNotFoundError:
        return False
