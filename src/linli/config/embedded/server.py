"""Making, starting, stopping and mending the embedded server."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from linli.config import secrets
from linli.config.embedded import places
from linli.config.embedded.places import Places
from linli.config.embedded.problem import DatabaseProblem

ADMIN = "linli_admin"
# The server says where its recovery stands every second; one that says nothing for so long is stuck.
STALLED_SECONDS = 120.0
STOP_SECONDS = 120.0
ORPHAN_SECONDS = 60.0

CONFIGURATION = """\
# Written by linli at every start; put changes of your own into local.conf beside this file.
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
port = 5432
max_connections = 100
shared_buffers = {buffers}MB
maintenance_work_mem = 128MB
work_mem = 16MB
max_wal_size = 2GB
wal_compression = on
random_page_cost = 1.1
jit = off
timezone = 'UTC'
fsync = {fsync}
synchronous_commit = {fsync}
full_page_writes = {fsync}
# Finished pieces of the log go into the spool, if somebody made one; linli seals them into the archive.
archive_mode = {fsync}
archive_timeout = 300
archive_command = '{archive}'
summarize_wal = {fsync}
max_slot_wal_keep_size = 4GB
logging_collector = on
log_directory = '{log}'
log_filename = 'postgres-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_startup_progress_interval = 1s
# Statements and error details carry names and phones: neither belongs in a log file.
log_min_error_statement = panic
log_error_verbosity = terse
log_min_duration_statement = -1
"""


def pid(where: Places) -> int | None:
    """Return the process id of the running server, or ``None``.

    A pid file alone proves nothing: after a kill the number may belong to nobody, to a zombie, or to
    another program by now. The process must be a PostgreSQL on our data folder.
    """
    try:
        number = int((where.data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(number, 0)
    except (FileNotFoundError, NotADirectoryError, ValueError, ProcessLookupError):
        return None
    except PermissionError as error:
        if error.filename:
            raise DatabaseProblem(f"无法读取 {error.filename}：数据库由另一个用户启动，请以该用户身份运行") from error
    return number if str(where.data) in _command_line(number) else None


def _command_line(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:
        shown = subprocess.run(["ps", "-o", "command=", "-p", str(number)], capture_output=True, text=True, check=False)
        return shown.stdout


def answers(where: Places) -> bool:
    """Return whether the server takes connections."""
    try:
        connect(where, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def connect(where: Places, database: str) -> psycopg.Connection[tuple[Any, ...]]:
    """Return an administrator's connection in autocommit mode."""
    return psycopg.connect(
        host=str(where.socket),
        user=ADMIN,
        password=secrets.get("db_admin"),
        dbname=database,
        autocommit=True,
        connect_timeout=5,
    )


def create(where: Places) -> None:
    """Make the data folder if there is none; an interrupted attempt is cleared away first."""
    places.prepare(where)
    if (where.data / "PG_VERSION").exists():
        return
    fresh = where.base / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    uid, gid = places.identity(where.user)
    handle, name = tempfile.mkstemp(dir=where.base)
    try:
        os.write(handle, secrets.get("db_admin").encode())
        os.fchown(handle, uid, gid)
        os.close(handle)
        # ctype other than C, or Chinese yields no trigrams; the builtin provider is the same on every system.
        locale = [
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--lc-collate=C",
            "--lc-ctype=C.UTF-8",
        ]
        arguments = ["-U", ADMIN, f"--pwfile={name}", "-A", "scram-sha-256", "-E", "UTF8", *locale]
        done = _run(where, "initdb", "-D", str(fresh), *arguments)
    finally:
        Path(name).unlink(missing_ok=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise DatabaseProblem(f"数据库初始化失败（{last}）：请检查 {where.base} 所在磁盘的空间与权限")
    with (fresh / "postgresql.conf").open("a") as file:
        file.write("\ninclude 'linli.conf'\ninclude_if_exists 'local.conf'\n")
    fresh.rename(where.data)


def start(where: Places) -> None:
    """Start the server and wait until it answers: through recovery after a kill, as long as it moves on."""
    end = time.monotonic() + ORPHAN_SECONDS
    while pid(where) is None:
        _configure(where)
        _clear_stale(where)
        process = _launch(where)
        if _wait(where, partial(_lives, process)):
            return
        # After a kill of the parent its backends need a moment to notice; until then the memory is theirs.
        if "still in use" not in _start_log(where).read_text(errors="replace") or time.monotonic() > end:
            raise DatabaseProblem(f"数据库没有启动（{last_words(where)}）：详见 {where.log}")
        time.sleep(0.2)
    if not _wait(where, lambda: pid(where) is not None):
        raise DatabaseProblem(f"数据库在启动中退出（{last_words(where)}）：详见 {where.log}")


def _launch(where: Places) -> subprocess.Popen[bytes]:
    with _start_log(where).open("wb") as out:
        # A session of its own: Ctrl-C in the terminal must not reach the database.
        return subprocess.Popen(
            [str(where.binaries / "postgres"), "-D", str(where.data)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd="/",
            start_new_session=True,
            **_as_user(where),
        )


def _lives(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is None


def _wait(where: Places, alive: Callable[[], bool]) -> bool:
    """Wait until the server answers; return ``False`` if it dies first. Raises when it makes no progress."""
    seen, since = "", time.monotonic()
    while alive():
        if _state(where) == "ready" and answers(where):
            return True
        trace = _trace(where)
        if trace != seen:
            seen, since = trace, time.monotonic()
        if time.monotonic() - since > STALLED_SECONDS:
            raise DatabaseProblem(
                f"数据库恢复停滞已超过 {STALLED_SECONDS:.0f} 秒（{last_words(where)}）：详见 {where.log}"
            )
        time.sleep(0.02)
    return False


def _state(where: Places) -> str:
    try:
        return (where.data / "postmaster.pid").read_text().split("\n")[7].strip()
    except (FileNotFoundError, IndexError):
        return ""


def _trace(where: Places) -> str:
    """Return a fingerprint of the log files and the server's state: it changes while something happens."""
    sizes = sorted((f.name, f.stat().st_size) for f in where.log.iterdir())
    return f"{sizes} {_state(where)}"


def _start_log(where: Places) -> Path:
    """Return the file that holds what the server said before its own log files were open, this time only."""
    return where.log / "start.log"


def last_words(where: Places) -> str:
    others = sorted(where.log.glob("postgres-*.log"), key=lambda f: f.stat().st_mtime, reverse=True)
    for file in [_start_log(where), *others]:
        text = file.read_text(errors="replace").splitlines() if file.exists() else []
        fatal = [line for line in text if "FATAL:" in line or "PANIC:" in line]
        if fatal:
            return fatal[-1].partition("FATAL:")[2].strip() or fatal[-1]
    return "没有日志"


def _clear_stale(where: Places) -> None:
    """Remove lock files whose number belongs to another program or a zombie; PostgreSQL would balk at them.

    Only called while we hold the lock and know that no server runs. Files of a process that is gone stay:
    PostgreSQL looks into them for the shared memory of backends that outlived their parent.
    """
    for file in (where.data / "postmaster.pid", where.socket / f"{places.SOCKET_NAME}.lock"):
        try:
            os.kill(int(file.read_text().split("\n", 1)[0]), 0)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            continue
        file.unlink()


def _configure(where: Places) -> None:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    text = CONFIGURATION.format(
        socket=_quoted(where.socket),
        log=_quoted(where.log),
        archive=_archive_command(where).replace("'", "''"),
        buffers=max(128, min(1024, memory // 16)),
        fsync="off" if os.environ.get("LINLI_TEST_DATABASE") == "1" else "on",
    )
    file = where.data / "linli.conf"
    file.write_text(text)
    os.chown(file, *places.identity(where.user))


def _archive_command(where: Places) -> str:
    """Return the shell command that keeps a piece of log; it succeeds only once the piece is on the disk."""
    target = f"{where.spool}/%f".replace("%", "%%").replace("%%f", "%f")
    parts = f'cp "%p" "{target}.new" && {{ sync "{target}.new" || sync; }} && mv "{target}.new" "{target}"'
    return f'test ! -d "{str(where.spool).replace("%", "%%")}" || {{ {parts}; }}'


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def stop(where: Places) -> bool:
    """Stop the server, waiting for its last checkpoint; return whether it was running."""
    number = pid(where)
    if number is None:
        return False
    os.kill(number, signal.SIGINT)
    if not _until(lambda: pid(where) is None, STOP_SECONDS):
        # Safe: the write-ahead log is complete, the next start recovers from it.
        os.kill(number, signal.SIGQUIT)
        if not _until(lambda: pid(where) is None, 10):
            raise DatabaseProblem(f"数据库进程 {number} 无法停止：请手工结束它")
    return True


def _until(done: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def delete(where: Places) -> None:
    """Delete the data, logs, socket and copied programs of a stopped server."""
    for folder in (where.base, where.socket):
        if folder.exists():
            shutil.rmtree(folder)


def _run(where: Places, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(where.binaries / program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **_as_user(where))


def _as_user(where: Places) -> dict[str, Any]:
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
    if where.user is None:
        return {"env": environment}
    uid, gid = places.identity(where.user)
    return {"env": environment, "user": uid, "group": gid, "extra_groups": []}
