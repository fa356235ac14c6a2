"""``linli archive``: base backups and the log since, so that any moment can be brought back."""

from __future__ import annotations

import shutil
import time
from datetime import timedelta
from pathlib import Path

import click

from linli.cli import backup, ground
from linli.cli.archiving import store as stored
from linli.cli.archiving import taking
from linli.cli.archiving.store import Base, Note, Store
from linli.cli.why import Problem
from linli.config import database as configured
from linli.config import env

FIRST_PIECE_SECONDS = 60.0


@click.group(help="连续备份：基础备份加其后的全部日志，可以恢复到任意时刻（linli restore 归档文件夹 --at 时刻）。")
def archive() -> None:
    """Hold the commands about the archive."""


@archive.command(help="开始连续备份到 FOLDER：保存日志，并做第一份基础备份。")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--spool", type=click.Path(path_type=Path, file_okay=False, exists=True),
              help="自有数据库服务器的 archive_command 写入的文件夹；内置数据库不需要。")  # fmt: skip
def begin(folder: Path, spool: Path | None) -> None:
    """Keep the log from now on, and take a full base."""
    if not configured.is_embedded() and spool is None:
        raise Problem("自有服务器请先设置 archive_mode 和 archive_command，再用 --spool 给出它写入的文件夹")
    store = Store(folder)
    store.make()
    with ground.database():
        with taking.connect() as admin:
            if taking.setting(admin, "archive_mode") == "off":
                raise Problem("数据库还没有打开 archive_mode：请重新启动数据库（网站和后台）后再运行")
        if spool is None:
            from linli.config import embedded

            spool = embedded.spool()
        stored.remember(folder, spool)
        _tell(_based(store, full=True, spool=spool))


@archive.command(help="再做一份基础备份：PostgreSQL 17 以上只存变化的部分。")
@click.option("--full", is_flag=True, help="做完整的一份。")
@click.option("--keep", type=click.IntRange(1), metavar="天", help="只保证能恢复到最近这么多天，更早的删除。")
def add(*, full: bool, keep: int | None) -> None:
    """Take a base, collect what lies in the spool, forget what is too old."""
    kept = _kept()
    store = Store(kept.folder)
    with ground.database():
        made = _based(store, full=full, spool=kept.spool)
    _tell(made)
    if keep:
        click.echo(f"删除了 {store.drop_before(made.at - timedelta(days=keep))} 份过期的基础备份。")


@archive.command(help="收一次日志、照片和删除登记（后台每半分钟自动收）。")
def collect() -> None:
    """Seal what waits."""
    _kept()
    click.echo(f"收了 {taking.collect()} 段日志。")


@archive.command(help="能恢复到哪一段时间，占多少空间。")
def status() -> None:
    """Show the bases and how far the log reaches."""
    kept = _kept()
    store = Store(kept.folder)
    bases = store.bases()
    for base in bases:
        kind = "增量" if base.parent else "完整"
        click.echo(f"{base.name}  {kind}  {stored.shown(base.at)}  {base.bytes / 2**20:.1f} MB")
    pieces = store.wal()
    size = sum(path.stat().st_size for path in pieces) / 2**20
    click.echo(f"日志 {len(pieces)} 段，{size:.1f} MB；等待归档 {len(list(kept.spool.glob('*')))} 段。")
    if bases:
        click.echo(f"可以恢复到 {stored.shown(bases[0].at)} 以后的任意时刻。")


@archive.command(help="停止保存日志；已有的归档留着。")
def end() -> None:
    """Remove the spool; the server then keeps nothing."""
    kept = _kept()
    taking.collect()
    if configured.is_embedded():
        shutil.rmtree(kept.spool)
    (env.home() / stored.NOTE).unlink()
    click.echo(f"已停止。归档 {kept.folder} 留着，仍可用来恢复。")


def _kept() -> Note:
    kept = stored.note()
    if kept is None:
        raise Problem("还没有开始连续备份：请先运行 linli archive begin 文件夹")
    return kept


def _based(store: Store, *, full: bool, spool: Path) -> Base:
    """Take a base and wait until the piece of log in which it ended lies in the archive."""
    made = taking.base(store, full=full)
    before, end = len(store.wal()), time.monotonic() + FIRST_PIECE_SECONDS
    while taking.collect() == 0 and len(store.wal()) == before:
        if time.monotonic() > end:
            raise Problem(f"数据库没有把日志写到 {spool}：请检查 archive_command 和文件夹的权限")
        time.sleep(0.2)
    backup.remember(store.folder, made.bytes)
    return made


def _tell(made: Base) -> None:
    kind = "增量" if made.parent else "完整"
    click.echo(f"{made.name}（{kind}，{made.bytes / 2**20:.1f} MB）：{stored.shown(made.at)} 起的任意时刻都能恢复。")
    click.echo(f"请另外保存 {env.home() / 'secrets'}：没有它谁也打不开归档。")
