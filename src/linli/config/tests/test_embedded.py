"""The embedded database, on real servers in folders of their own."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from linli.config import embedded
from linli.config.embedded import places, server

pytestmark = pytest.mark.xdist_group("embedded")
START = "import sys; from linli.config import embedded; print(embedded.ensure_running())"


def home_in(folder: Path) -> Path:
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def shared_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="linli-pg-") as folder:
        yield home_in(Path(folder))
        embedded.forget(Path(folder))


@pytest.fixture
def home(shared_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LINLI_HOME", str(shared_folder))
    monkeypatch.delenv("LINLI_TEST_DATABASE", raising=False)
    return shared_folder


@pytest.fixture
def running(home: Path) -> Path:
    embedded.ensure_running()
    return home


def connect(role: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(embedded.url(role), autocommit=True)


def test_it_is_made_on_first_use_with_chinese_that_can_be_searched(running: Path) -> None:
    with connect("owner") as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        trigrams = connection.execute("SELECT show_trgm('观澜街道')").fetchone()
        encoding = connection.execute("SHOW server_encoding").fetchone()
    assert trigrams != ([],)
    assert encoding == ("UTF8",)


def test_every_role_signs_in_with_a_password_of_its_own_and_none_without(running: Path) -> None:
    for role, login in (("owner", "linli_owner"), ("worker", "linli_worker"), ("web", "linli_web")):
        with connect(role) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (login,)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"postgres://linli_owner:wrong@/linli?host={embedded.where().socket}")


def test_only_its_owner_reaches_the_folders_and_nobody_the_network(running: Path) -> None:
    where = embedded.where()
    for folder in (where.base, where.socket, where.data):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with connect("admin") as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_the_web_role_cannot_make_tables(running: Path) -> None:
    with connect("web") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (id int)")


def test_starting_it_again_changes_nothing(running: Path) -> None:
    number = server.pid(embedded.where())
    assert embedded.ensure_running() is False
    assert server.pid(embedded.where()) == number


def test_what_was_committed_survives_a_kill(running: Path) -> None:
    with connect("owner") as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    number = server.pid(embedded.where())
    assert number
    os.kill(number, signal.SIGKILL)
    begun = time.monotonic()
    assert embedded.ensure_running() is True
    assert time.monotonic() - begun < 30
    with connect("owner") as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_a_pid_file_whose_number_belongs_to_another_program_does_not_stop_it(running: Path) -> None:
    embedded.stop()
    file = embedded.where().data / "postmaster.pid"
    file.write_text(f"{os.getpid()}\n{embedded.where().data}\n0\n5432\n\n\n\nready\n")
    assert embedded.is_running() is False
    assert embedded.ensure_running() is True


def test_two_processes_that_start_it_at_once_share_one_server(running: Path) -> None:
    embedded.stop()
    environment = os.environ | {"LINLI_HOME": str(running)}
    both = [
        subprocess.Popen([sys.executable, "-c", START], stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(2)
    ]
    assert sorted(child.communicate(timeout=60)[0].strip() for child in both) == ["False", "True"]


def test_the_last_to_let_go_stops_it(running: Path) -> None:
    inside, leave = threading.Event(), threading.Event()

    def other() -> None:
        with embedded.hold():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=other)
    thread.start()
    inside.wait(10)
    with embedded.hold():
        pass
    assert embedded.is_running()
    leave.set()
    thread.join()
    assert not embedded.is_running()


def test_one_marked_as_kept_is_left_running(running: Path) -> None:
    embedded.where().kept.touch()
    with embedded.hold():
        pass
    embedded.where().kept.unlink()
    assert embedded.is_running()


def test_a_broken_configuration_is_told_in_one_sentence(running: Path) -> None:
    embedded.stop()
    local = embedded.where().data / "local.conf"
    local.write_text("max_connections = many\n")
    try:
        with pytest.raises(embedded.DatabaseProblem, match="没有启动"):
            embedded.ensure_running()
    finally:
        local.unlink()
    assert embedded.ensure_running()


def test_the_log_holds_no_personal_data(running: Path) -> None:
    with connect("owner") as connection:
        connection.execute("CREATE TABLE people_seen (phone text PRIMARY KEY)")
        connection.execute("INSERT INTO people_seen VALUES ('13800138000')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO people_seen VALUES ('13800138000')")
    logs, end = "", time.monotonic() + 10
    while "duplicate key" not in logs and time.monotonic() < end:  # the server writes its log a moment later
        logs = "".join(file.read_text() for file in embedded.where().log.iterdir())
    assert "duplicate key" in logs
    assert "13800138000" not in logs


def test_a_long_path_gets_a_short_socket_folder(tmp_path: Path) -> None:
    where = places.plan(tmp_path / ("很长的名字" * 12))
    assert len(os.fsencode(str(where.socket / places.SOCKET_NAME))) <= places.SOCKET_LIMIT


def test_a_socket_folder_planted_by_somebody_else_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "planted"
    target.symlink_to(tmp_path)
    with pytest.raises(embedded.DatabaseProblem, match="不属于"):
        places.own_folder(target, None)


def test_a_home_out_of_the_servers_reach_is_left_as_it_is(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    if os.geteuid() == 0:
        assert places.plan(closed / "home").base.parent == places.ELSEWHERE
    else:
        assert places.plan(closed / "home").base == closed / "home" / "postgres"
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
