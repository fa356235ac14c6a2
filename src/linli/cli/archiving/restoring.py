"""Bringing back a moment from an archive: where the database is ours, or laid out for a server that is not."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console

from linli.cli import backup, ground
from linli.cli.archiving import laying
from linli.cli.archiving import store as stored
from linli.cli.archiving.store import Store
from linli.cli.why import Problem
from linli.config import database as configured
from linli.config import embedded, env

ADMIN_KEY = "db_admin"
NOT_REACHED = "before configured recovery target"
RECOVERY = """\
restore_command = 'cp "{wal}/%f" "%p"'
recovery_target_timeline = 'latest'
"""
TARGET = "recovery_target_time = '{at}'\nrecovery_target_action = 'promote'\n"


def restore(folder: Path, at: datetime | None, into: Path | None, *, only_finish: bool) -> None:
    """Bring back ``at`` (China's wall clock; ``None``: the last moment there is)."""
    from linli.kernel import clock

    store, moment = Store(folder), at.replace(tzinfo=clock.CHINA) if at else None
    if only_finish:
        _finish(store)
    elif into is not None or not configured.is_embedded():
        _lay_out(store, moment, into)
    else:
        _recover(store, moment)
        _finish(store)


def _recover(store: Store, at: datetime | None) -> None:
    if not (env.home() / "secrets" / ADMIN_KEY).exists() and not env.text(f"LINLI_SECRET_{ADMIN_KEY.upper()}"):
        raise Problem(f"没有密钥 {env.home() / 'secrets'}：请先把备份时的整个 secrets 文件夹复制过来")
    where = embedded.where()
    place = embedded.recovery.workplace(where)
    try:
        data, wal = laying.lay(store, at, place)
        with Console(stderr=True).status("重放日志…"):
            embedded.recovery.recover(where, data, wal, at)
    except embedded.DatabaseProblem as problem:
        if at is None or NOT_REACHED not in str(problem):
            raise
        raise Problem(f"归档的日志到不了 {stored.shown(at)}：请给出早一些的时刻，或不写 --at 恢复到最后") from problem
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _finish(store: Store) -> None:
    """Put photos back and erase again what was erased since, before anybody is let in."""
    with ground.database(), tempfile.TemporaryDirectory(prefix="linli-restore-") as scratch:
        ground.django("owner")
        laying.files(store)
        register = Path(scratch) / backup.ERASURES
        if (store.folder / stored.ERASURES).exists():
            stored.unseal(store.folder / stored.ERASURES, register)
        backup.finish_restore(backup.newest_register(register))


def _lay_out(store: Store, at: datetime | None, into: Path | None) -> None:
    """Write data folder and log for a server of somebody's own, and say what to do with them."""
    if into is None:
        raise Problem("自有服务器请用 --into 给出一个空文件夹，再用同一版本的 PostgreSQL 启动它")
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(into.iterdir()):
        raise Problem(f"{into} 不是空的：请给出一个空文件夹")
    data, wal = laying.lay(store, at, into.resolve())
    (data / "recovery.signal").touch()
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        quoted = str(wal).replace("%", "%%").replace("'", "''")
        file.write(RECOVERY.format(wal=quoted) + (TARGET.format(at=at.isoformat(sep=" ")) if at else ""))
    click.echo(f"数据目录在 {data}，日志在 {wal}。")
    click.echo(f"用同一版本的 PostgreSQL 启动它；恢复完后运行 linli restore {store.folder} --finish。")
