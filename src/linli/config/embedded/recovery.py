"""A data folder from elsewhere, brought to a moment by the log that was kept."""

from __future__ import annotations

import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from linli.config.embedded import locks, places, roles, server
from linli.config.embedded.places import Places
from linli.config.embedded.problem import DatabaseProblem

MARK = "# linli: until the recovery is done"
SETTINGS = """\
{mark}
restore_command = 'cp "{wal}/%f" "%p"'
recovery_target_timeline = 'latest'
{target}
"""
TARGET = """\
recovery_target_time = '{at}'
recovery_target_action = 'promote'"""


def workplace(where: Places) -> Path:
    """Return an empty folder on the database's own disk, closed to others, in which to lay a data folder out."""
    if (where.data / "PG_VERSION").exists():
        raise DatabaseProblem("数据库不是空的，不会覆盖：请用 LINLI_HOME 指定新的数据目录")
    places.prepare(where)
    folder = where.base / "restoring"
    shutil.rmtree(folder, ignore_errors=True)
    places.own_folder(folder, where.user)
    return folder


def recover(where: Places, data: Path, wal: Path, at: datetime | None) -> None:
    """Take ``data`` for our own and replay ``wal`` up to ``at`` (``None``: to its end); the server runs afterwards.

    Both lie in :func:`workplace`. Raises :class:`DatabaseProblem` when ``at`` is not reached; then nothing is kept.
    """
    with locks.exclusive(where.lock):
        before = _prepared(data, wal, at)
        _own(data, where)
        _own(wal, where)
        data.chmod(0o700)
        data.rename(where.data)
        try:
            server.start(where)
            _until_recovered(where)
        except DatabaseProblem:
            shutil.rmtree(where.data)
            raise
        (where.data / "postgresql.auto.conf").write_text(before, encoding="utf-8")
        roles.ensure(where)


def _until_recovered(where: Places) -> None:
    """Wait until the log is replayed and the server takes writes: it answers readers before."""
    while server.pid(where) is not None:
        try:
            with server.connect(where, "postgres") as admin:
                row = admin.execute("SELECT pg_is_in_recovery()").fetchone()
        except psycopg.OperationalError:
            row = None
        if row == (False,):
            return
        time.sleep(0.1)
    raise DatabaseProblem(f"数据库没有启动（{server.last_words(where)}）：详见 {where.log}")


def _prepared(data: Path, wal: Path, at: datetime | None) -> str:
    """Write what the server must know for this one start; return what its settings were before."""
    file = data / "postgresql.auto.conf"
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    target = TARGET.format(at=at.astimezone(UTC).isoformat(sep=" ")) if at else ""
    kept = SETTINGS.format(mark=MARK, wal=str(wal).replace("%", "%%").replace("'", "''"), target=target)
    file.write_text(before + kept, encoding="utf-8")
    (data / "recovery.signal").touch()
    return before


def _own(folder: Path, where: Places) -> None:
    uid, gid = places.identity(where.user)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, uid, gid, follow_symlinks=False)
