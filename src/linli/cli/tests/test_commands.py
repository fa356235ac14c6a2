"""The command line as a person uses it: in processes of its own, on a data folder of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from linli.cli.tests.running import environment, linli
from linli.config import embedded

pytestmark = pytest.mark.xdist_group("commands")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return True
        except urllib.error.HTTPError:
            return True  # it answers; whether the page is right is for the page's own tests
        except OSError:
            time.sleep(0.1)
    return False


def test_help_names_every_command_and_loads_no_room(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom linli.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print('django' in sys.modules, 'linli.kernel.areas' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment(tmp_path), check=True
    )
    for name in (
        "demo",
        "init",
        "serve",
        "worker",
        "doctor",
        "migrate",
        "token",
        "backup",
        "restore",
        "policy",
        "areas",
    ):
        assert f"\n  {name} " in done.stdout
    assert done.stdout.strip().endswith("False False")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "nonsense"),
        (["serve", "--port", "many"], "--port"),
        (["init", "999999"], "999999"),
        (["init", "532503", "--profile", "nowhere"], "没有政策文件夹 nowhere"),
        (["demo", "--profile", "nowhere"], "没有政策文件夹 nowhere"),
        (["restore", "pyproject.toml"], "没有"),
        (["token", "00000000-0000-7000-8000-000000000000"], "没有在用的岗位"),
    ],
)
def test_a_failure_is_one_line_that_says_why_and_the_status_is_not_zero(
    home: Path, arguments: list[str], says: str
) -> None:
    done = linli(home, *arguments)
    assert done.returncode != 0
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert says in done.stderr or "不是" in done.stderr


def test_debug_shows_where_it_happened(home: Path) -> None:
    assert "Traceback" in linli(home, "--debug", "nonsense").stderr


def test_a_second_init_of_the_same_district_changes_nothing_and_of_another_is_refused(home: Path) -> None:
    again = linli(home, "init", "532503")
    assert again.returncode == 0
    assert "新设单位" not in again.stdout
    assert "权责清单登记了" not in again.stdout
    seeded = linli(home, "registers", "seed")
    assert "新登记 0 条" in seeded.stdout, "init left nothing to seed"
    other = linli(home, "init", "530102")
    assert other.returncode == 1
    assert "LINLI_HOME" in other.stderr


def test_a_taken_port_is_told_before_anything_starts(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = linli(home, "serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "换一个端口" in done.stderr


def test_the_database_stops_with_the_last_command_that_used_it(home: Path) -> None:
    assert linli(home, "migrate").returncode == 0
    assert not embedded.is_running(home)


def test_doctor_says_what_is_wrong_and_how_to_mend_it(home: Path) -> None:
    done = linli(home, "doctor", "--json")
    report = json.loads(done.stdout)
    probes = {probe["name"]: probe for probe in report["probes"]}
    assert done.returncode == 1
    assert report["ok"] is False
    assert probes["watch.worker"]["state"] == "bad"
    assert "linli worker" in probes["watch.worker"]["findings"][0]["mend"]
    for name in (
        "storage.server",
        "storage.encoding",
        "storage.roles",
        "storage.migrations",
        "storage.partitions",
    ):
        assert probes[name]["state"] == "ok", probes[name]


def test_doctor_finds_a_key_that_others_can_read(home: Path) -> None:
    key = home / "secrets" / "django"
    key.chmod(0o644)
    try:
        assert "chmod 600" in linli(home, "doctor").stdout
    finally:
        key.chmod(0o600)


def test_a_backup_restores_into_an_empty_home_and_nowhere_else(home: Path, tmp_path: Path) -> None:
    (home / "media").mkdir(exist_ok=True)
    (home / "media" / "photo.bin").write_bytes(b"photo")
    file = tmp_path / "backup.tar"
    assert linli(home, "backup", str(file)).returncode == 0
    assert json.loads((home / "backup.json").read_text())["bytes"] == file.stat().st_size
    assert b"PGDMP" not in file.read_bytes(), "sealed"
    assert file.stat().st_mode & 0o077 == 0
    refused = linli(home, "restore", str(file))
    assert refused.returncode == 1
    assert "不是空的" in refused.stderr
    with tempfile.TemporaryDirectory(prefix="linli-cli-") as folder:
        other = Path(folder)
        other.chmod(0o755)
        closed = linli(other, "restore", str(file))
        assert closed.returncode == 1
        assert "secrets" in closed.stderr, "without the key nobody reads it"
        (other / "secrets").mkdir(mode=0o700, exist_ok=True)
        shutil.copy(home / "secrets" / "backup", other / "secrets" / "backup")
        cut = tmp_path / "cut.linli"
        cut.write_bytes(file.read_bytes()[:-1])
        assert "不完整" in linli(other, "restore", str(cut)).stderr
        done = linli(other, "restore", str(file))
        assert done.returncode == 0, done.stderr
        assert (other / "media" / "photo.bin").read_bytes() == b"photo"
        report = json.loads(linli(other, "areas", "summary", "--json").stdout)
        assert report["community"] == 109
        embedded.forget(other)


def test_the_site_outlives_a_killed_database_and_leaves_nothing_behind(home: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "-m", "linli.cli", "serve", "--port", str(port)]
    site = subprocess.Popen(command, env=environment(home))
    try:
        assert answers(address)
        pid_file = embedded.where(home).data / "postmaster.pid"
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
        end = time.monotonic() + 30
        while not embedded.is_running(home) and time.monotonic() < end:
            time.sleep(0.1)
        assert answers(address)
    finally:
        site.terminate()
        site.wait(30)
    assert not embedded.is_running(home)
    assert _freed(port, 1)


def test_a_killed_site_frees_its_port_by_itself(home: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "linli.cli", "serve", "--port", str(port)]
    site = subprocess.Popen(command, env=environment(home))
    try:
        assert answers(f"http://127.0.0.1:{port}/")
    finally:
        site.kill()
        site.wait()
    assert _freed(port)
    embedded.stop(home)


def _freed(port: int, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return True
        time.sleep(0.1)
    return False


def test_the_first_account_is_opened_from_the_machine_itself(home: Path) -> None:
    wrong = linli(home, "account", "zhang")
    assert wrong.returncode != 0
    assert "--kind" in wrong.stderr
    opened = linli(home, "account", "zhang", "--kind", "system_admin", "--name", "张三", "--phone", "13800000001")
    assert opened.returncode == 0, opened.stderr
    assert re.fullmatch(r"\w{5}-\w{5}-\w{5}", opened.stdout.strip())
    renewed = linli(home, "account", "zhang")
    assert renewed.returncode == 0, renewed.stderr
    assert renewed.stdout != opened.stdout
