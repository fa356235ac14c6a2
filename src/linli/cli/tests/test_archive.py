"""Any moment of the past comes back, from full bases and increments, with what was erased since erased again."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from linli.cli.tests.running import environment, linli
from linli.config import embedded

pytestmark = pytest.mark.xdist_group("commands")

REPORT = """
import django; django.setup()
from linli.affairs.cases.process import CASE
from linli.kernel import areas
from linli.kernel.matters import perform
from linli.kernel.posts.actors import resident_actor
data = {"description": "路灯不亮", "area": areas.tree().of_level("community")[0].code, "phone": "13887300001"}
print(perform(process=CASE, action="report", actor=resident_actor(), data=data).matter.number)
"""
LOOK = """
from linli.kernel import clock, people
from linli.kernel.privacy.models import AccessLog
look = AccessLog(at=clock.now(), person=people.ensure_by_phone("13887300001"), shown_as="x", field_group="phone")
look.save(force_insert=True)
print(look.pk)
"""
ERASE = """
import django; django.setup()
from linli.kernel import privacy
privacy.erase_now("privacy.access_log", ["{look}"], "test")
"""


@pytest.fixture
def kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The data folder with its server running from one command to the next, and this process looking into it."""
    monkeypatch.setenv("LINLI_HOME", str(home))
    assert linli(home, "database", "start", durable=True).returncode == 0
    yield home
    linli(home, "database", "stop")


def python(home: Path, code: str) -> list[str]:
    given = environment(home) | {"DJANGO_SETTINGS_MODULE": "linli.config.settings"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=given, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def ok(home: Path, *arguments: str) -> str:
    done = linli(home, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def moment(home: Path) -> str:
    """Let a second pass on either side of a moment, and return it as people write it."""
    with psycopg.connect(embedded.url("admin", home), autocommit=True) as admin:
        time.sleep(1.1)
        row = admin.execute("SELECT to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS')").fetchone()
        time.sleep(1.1)
    assert row
    return str(row[0])


def collected(home: Path) -> None:
    """Close the piece of log that is being written, and wait until it lies in the archive."""
    with psycopg.connect(embedded.url("admin", home), autocommit=True) as admin:
        row = admin.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    assert row
    archive = Path(json.loads((home / "archive.json").read_text())["folder"])
    end = time.monotonic() + 60
    while not (archive / "wal" / f"{row[0]}.linli").exists():
        assert time.monotonic() < end, "the piece of log never came"
        ok(home, "archive", "collect")


def test_any_moment_comes_back_with_what_was_erased_since_erased_again(kept: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    (kept / "media").mkdir(exist_ok=True)
    (kept / "media" / "photo.bin").write_bytes(b"photo" * 1000)
    before = moment(kept)
    assert "完整" in ok(kept, "archive", "begin", str(archive))
    first, look = python(kept, REPORT + LOOK)
    assert "增量" in ok(kept, "archive", "add")
    full, increment = [float(size) for size in re.findall(r"([\d.]+) MB\n", ok(kept, "archive", "status"))[:2]]
    assert increment < full / 3
    (second,) = python(kept, REPORT)
    wanted = moment(kept)
    (third,) = python(kept, REPORT + ERASE.format(look=look).replace("import django; django.setup()", ""))
    collected(kept)
    sealed = [path for path in archive.rglob("*") if path.is_file() and path.suffix == ".linli"]
    assert len(sealed) > 5
    assert all(path.read_bytes()[:8] == b"LINLIBK1" and path.stat().st_mode & 0o077 == 0 for path in sealed)
    with tempfile.TemporaryDirectory(prefix="linli-archive-") as folder:
        other = Path(folder)
        other.chmod(0o755)
        assert "secrets" in linli(other, "restore", str(archive)).stderr, "without the keys nobody reads it"
        shutil.copytree(kept / "secrets", other / "secrets", dirs_exist_ok=True)
        assert "最早能恢复到" in linli(other, "restore", str(archive), "--at", before).stderr
        assert "重做了 1 项删除" in ok(other, "restore", str(archive), "--at", wanted)
        ok(other, "database", "start")
        try:
            numbers = python(other, NUMBERS)
            assert first in numbers
            assert second in numbers
            assert third not in numbers, "what came after the moment is not there"
            assert "looks:0" in numbers, "what was erased after the moment is erased again"
            assert (other / "media" / "photo.bin").read_bytes() == b"photo" * 1000
            done = linli(other, "doctor", "--verify", "--json")
            found = {probe["name"]: probe for probe in json.loads(done.stdout)["probes"]}
            for name in ("matters.trails", "matters.seals", "tallies.figures", "cases.figures", "storage.migrations"):
                assert found[name]["state"] == "ok", found[name]
            refused = linli(other, "restore", str(archive))
            assert refused.returncode == 1
            assert "不是空的" in refused.stderr
        finally:
            embedded.forget(other)
    assert "已停止" in ok(kept, "archive", "end")
    assert not embedded.where(kept).spool.exists()


NUMBERS = """
import django; django.setup()
from linli.kernel.matters.models import Matter
from linli.kernel.privacy.models import AccessLog
print(*Matter.objects.values_list("number", flat=True), f"looks:{AccessLog.objects.filter(shown_as='x').count()}")
"""


def test_what_only_an_archive_can_do_is_refused_to_a_single_file(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.linli"
    file.write_bytes(b"x")
    assert "连续备份" in linli(home, "restore", str(file), "--at", "2026-11-22 14:30").stderr


def test_without_a_beginning_there_is_nothing_to_add_to(home: Path) -> None:
    for name in ("add", "collect", "status", "end"):
        done = linli(home, "archive", name)
        assert done.returncode == 1
        assert "linli archive begin" in done.stderr
