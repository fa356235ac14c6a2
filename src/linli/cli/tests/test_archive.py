"""Any moment of the past comes back, from full bases and increments, with what was erased since erased again."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from linli.cli.tests.running import environment, linli
from linli.config import embedded
from linli.config.embedded import places, roles

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


@contextmanager
def elsewhere(keys: Path | None = None) -> Iterator[Path]:
    """Give a new data folder that the database's user can reach, with the ``keys`` of another."""
    with tempfile.TemporaryDirectory(prefix="linli-archive-") as folder:
        other = Path(folder)
        other.chmod(0o755)
        if keys is not None:
            shutil.copytree(keys / "secrets", other / "secrets")
        try:
            yield other
        finally:
            embedded.forget(other)


@contextmanager
def own_server(data: Path, folder: Path) -> Iterator[Callable[[str], str]]:
    """Run a PostgreSQL that is not ours on a laid out folder; yields how to reach it, by role, once it takes writes."""
    where = embedded.where()
    uid, gid = places.identity(where.user)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, uid, gid)
    call = [str(where.binaries / "postgres"), "-D", str(data)]
    for name, value in {
        "unix_socket_directories": folder, "logging_collector": "off", "archive_mode": "off", "summarize_wal": "off",
    }.items():  # fmt: skip
        call += ["-c", f"{name}={value}"]
    rights = {} if where.user is None else {"user": uid, "group": gid, "extra_groups": []}
    log = (folder / "log").open("wb")
    server = subprocess.Popen(call, stdout=log, stderr=log, cwd="/", env={"LC_ALL": "C"}, **rights)  # type: ignore[call-overload] # by the user of the database
    try:
        end = time.monotonic() + 120
        while not takes_writes(address("admin", where, folder)):
            assert server.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < end, (folder / "log").read_text()
            time.sleep(0.1)
        yield lambda role: address(role, where, folder)
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait()
        log.close()


def address(role: str, where: places.Places, folder: Path) -> str:
    return roles.address(role, where).partition("?")[0] + f"?host={quote(str(folder), safe='')}"


def takes_writes(url: str) -> bool:
    try:
        with psycopg.connect(url, autocommit=True) as admin:
            return admin.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
    except psycopg.OperationalError:
        return False


def python(home: Path, code: str, extra: dict[str, str] | None = None) -> list[str]:
    given = environment(home) | {"DJANGO_SETTINGS_MODULE": "linli.config.settings"} | (extra or {})
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=given, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def ok(home: Path, *arguments: str, extra: dict[str, str] | None = None) -> str:
    done = linli(home, *arguments, extra=extra)
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
    with elsewhere() as other:
        assert "secrets" in linli(other, "restore", str(archive)).stderr, "without the keys nobody reads it"
        shutil.copytree(kept / "secrets", other / "secrets", dirs_exist_ok=True)
        assert "最早能恢复到" in linli(other, "restore", str(archive), "--at", before).stderr
        assert "重做了 1 项删除" in ok(other, "restore", str(archive), "--at", wanted)
        ok(other, "database", "start")
        came_back(other, first, second, third)
        whole(other)
        refused = linli(other, "restore", str(archive))
        assert refused.returncode == 1
        assert "不是空的" in refused.stderr
    with elsewhere(kept) as other, elsewhere() as server:
        into = server / "laid"
        told = ok(other, "restore", str(archive), "--at", wanted, "--into", str(into))
        assert str(into / "data") in told
        assert "--finish" in told
        refused = linli(other, "restore", str(archive), "--into", str(into))
        assert (refused.returncode, "不是空的" in refused.stderr) == (1, True)
        with own_server(into / "data", into) as reached:
            extra = {f"LINLI_DB_{role.upper()}": reached(role) for role in ("owner", "worker", "web")}
            assert "重做了 1 项删除" in ok(other, "restore", str(archive), "--finish", extra=extra)
            came_back(other, first, second, third, extra)
            with psycopg.connect(reached("web")) as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute("DELETE FROM matters_trailentry")
            refused = linli(other, "restore", str(archive), extra=extra)
            assert (refused.returncode, "--into" in refused.stderr) == (1, True)
    forgets_what_is_too_old(kept, archive)
    assert "已停止" in ok(kept, "archive", "end")
    assert not embedded.where(kept).spool.exists()


def came_back(home: Path, first: str, second: str, third: str, extra: dict[str, str] | None = None) -> None:
    """Hold a restored installation against what was there at the moment that was wanted."""
    numbers = python(home, NUMBERS, extra)
    assert first in numbers
    assert second in numbers
    assert third not in numbers, "what came after the moment is not there"
    assert "looks:0" in numbers, "what was erased after the moment is erased again"
    assert (home / "media" / "photo.bin").read_bytes() == b"photo" * 1000


def whole(home: Path) -> None:
    """Every trail, seal and figure of a restored installation holds."""
    done = linli(home, "doctor", "--verify", "--json")
    found = {probe["name"]: probe for probe in json.loads(done.stdout)["probes"]}
    for name in ("matters.trails", "matters.seals", "tallies.figures", "cases.figures", "storage.migrations"):
        assert found[name]["state"] == "ok", found[name]


def aged(archive: Path, days: dict[str, int]) -> None:
    """Let bases have been taken that many days ago."""
    for name, n in days.items():
        about = archive / name / "about.json"
        told = json.loads(about.read_text())
        at = datetime.fromisoformat(told["at"]) - timedelta(days=n)
        about.write_text(json.dumps(told | {"at": at.isoformat()}))


def forgets_what_is_too_old(home: Path, archive: Path) -> None:
    """``--keep``: what no moment of the last days needs goes, and what one needs stays, however old it is."""
    old = sorted(path.name for path in archive.glob("base-*"))
    assert len(old) == 2, "a full base and its increment"
    time.sleep(1.1)  # a base is named by its second
    ok(home, "archive", "add", "--full")
    (newer,) = {path.name for path in archive.glob("base-*")} - set(old)
    aged(archive, {old[0]: 50, old[1]: 45, newer: 40})
    pieces = sorted(path.name for path in (archive / "wal").glob("*"))
    time.sleep(1.1)
    assert "删除了 2 份" in ok(home, "archive", "add", "--keep", "35")
    left = sorted(path.name for path in archive.glob("base-*"))
    assert left[0] == newer, "the last one before those days is where they begin"
    assert len(left) == 2
    needed = json.loads((archive / newer / "about.json").read_text())["first_wal"]
    kept = sorted(path.name for path in (archive / "wal").glob("*"))
    assert kept[0].startswith(needed), "the log goes as far back as the oldest base needs it, and no further"
    assert pieces[0] not in kept
    assert linli(home, "archive", "add", "--keep", "0").returncode == 2, "nothing to keep is no answer"


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


def test_without_a_beginning_there_is_nothing_to_add_to(tmp_path: Path) -> None:
    for name in ("add", "collect", "status", "end"):
        done = linli(tmp_path, "archive", name)
        assert done.returncode == 1
        assert "linli archive begin" in done.stderr
