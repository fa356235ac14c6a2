"""``linli backup`` and ``linli restore``: everything of an installation in one file.

The file is a tar of the database (pg_dump, custom format, one snapshot), the photos, and the register of erasures,
sealed with the installation's key ``secrets/backup`` (:mod:`linli.cli.sealed`). The keys are not in it: whoever
finds the file can read nothing of it. Keep the folder ``secrets`` apart; without it a backup is lost for good.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from linli.cli import ground, sealed, setup
from linli.cli.unpacking import unpack_one
from linli.cli.why import Problem
from linli.config import database as configured
from linli.config import env, secrets

ERASURES = "erasures.jsonl"
KEY = "backup"
PROGRESS = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())


@click.command(help="把数据库、照片和删除登记备份到 FILE。密钥不在其中，请另外保存 secrets 文件夹。")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write a backup; the file appears only when it is complete."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(file.name + ".partial")
    with ground.database(), tempfile.TemporaryDirectory(prefix="linli-backup-", dir=file.parent) as folder:
        dump = Path(folder) / "database.dump"
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}", _address())
        note = Path(folder) / "about.json"
        note.write_text(json.dumps({"version": metadata.version("linli")}))
        with partial.open("wb") as out:
            os.fchmod(out.fileno(), 0o600)
            with sealed.Writer(out, secrets.get(KEY)) as writer, tarfile.open(fileobj=writer, mode="w|") as archive:
                for path, name in _shown(_parts(note, dump)):
                    archive.add(path, name, recursive=False)
            out.flush()
            os.fsync(out.fileno())
    partial.replace(file)
    remember(file, file.stat().st_size)
    size = file.stat().st_size / 2**20
    click.echo(f"已备份到 {file}（{size:.1f} MB）。请另外保存 {env.home() / 'secrets'}。")


def _parts(note: Path, dump: Path) -> list[tuple[Path, str]]:
    """Return what goes into a backup, with its name there."""
    parts = [(note, "about.json"), (dump, "database.dump")]
    register, media = env.home() / ERASURES, env.home() / "media"
    if register.exists():
        parts.append((register, ERASURES))
    if media.exists():
        parts += [(path, str(path.relative_to(env.home()))) for path in [media, *sorted(media.rglob("*"))]]
    return parts


def _shown(parts: list[tuple[Path, str]]) -> Iterator[tuple[Path, str]]:
    """Yield the parts, showing how many of their bytes are done."""
    with Progress(*PROGRESS, console=Console(stderr=True), transient=True) as bars:
        sizes = [path.stat().st_size if path.is_file() else 0 for path, _name in parts]
        task = bars.add_task("写入备份", total=sum(sizes))
        for part, size in zip(parts, sizes, strict=True):
            yield part
            bars.advance(task, size)


def remember(file: Path, size: int) -> None:
    """Remember this success for doctor, the status page and the alarms."""
    from linli.kernel import clock

    told = {"at": clock.now().isoformat(), "file": str(file.resolve()), "bytes": size}
    (env.home() / "backup.json").write_text(json.dumps(told), encoding="utf-8")


@click.command(help="从备份文件恢复到一个空的数据库，或从连续备份的文件夹恢复到任意时刻；并重做此后登记的删除。")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]),
    metavar="时刻",
    help="连续备份：恢复到这一刻（北京时间，如 2026-11-22 14:30），默认到最后。",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    metavar="文件夹",
    help="连续备份、自有服务器：只把数据目录和日志放到这里，由该服务器自己恢复。",
)
@click.option("--finish", is_flag=True, help="连续备份、自有服务器恢复完以后：放回照片，重做删除。")  # fmt: skip
def restore(file: Path, at: datetime | None, into: Path | None, *, finish: bool) -> None:
    """Restore into an empty database; what was erased since is erased again before anybody looks."""
    if file.is_dir():
        from linli.cli.archiving import restoring

        restoring.restore(file, at, into, only_finish=finish)
    elif at or into or finish:
        raise Problem("--at、--into、--finish 只用于连续备份的文件夹：单个备份文件只能恢复到它做成的时刻")
    else:
        _restore_file(file)


def _restore_file(file: Path) -> None:
    with ground.database(), tempfile.TemporaryDirectory(prefix="linli-restore-") as folder:
        ground.django("owner")
        _refuse_full()
        _unpack(file, Path(folder))
        _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
             f"--dbname={_address()}", str(Path(folder) / "database.dump"))  # fmt: skip
        if (Path(folder) / "media").exists():
            shutil.copytree(Path(folder) / "media", env.home() / "media", dirs_exist_ok=True)
        finish_restore(newest_register(Path(folder) / ERASURES))


def finish_restore(register: Path) -> None:
    """Bring the structure to this version and erase again what was erased since; then let the others in."""
    setup.upgrade()
    erased = _replay(register)
    # Only now: after a dump the web role may not read a row until here.
    setup.grant()
    click.echo(f"已恢复；重做了 {erased} 项删除。运行 linli doctor --verify 核对。")


def _address() -> str:
    if configured.is_embedded():
        from linli.config import embedded

        return embedded.url("owner")
    return configured.url("owner")


def _run(program: str, *arguments: str) -> None:
    path = shutil.which(program)
    if configured.is_embedded():
        from linli.config import embedded

        path = str(embedded.binary(program))
    if path is None:
        raise Problem(f"没有找到 {program}：请安装 postgresql-client")
    environment = os.environ | {"LC_ALL": "C"}
    done = subprocess.run([path, *arguments], capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise Problem(f"{program} 失败（{why}）：请检查数据库与磁盘空间")


def _refuse_full() -> None:
    from django.db import connection

    if connection.introspection.table_names():
        raise Problem("数据库不是空的，不会覆盖：请用 LINLI_HOME 指定新的数据目录，或先清空数据库")


def _unpack(file: Path, folder: Path) -> None:
    try:
        with file.open("rb") as given, _opened(given) as archive:
            for member in archive:
                unpack_one(archive, member, folder)
    except sealed.Broken as error:
        why = f"{file} 打不开：文件不完整、被改动，或密钥不是备份时的那一把"
        raise Problem(f"{why}；请把当时的 secrets 文件夹复制到 {env.home()}") from error
    except (tarfile.TarError, OSError) as error:
        raise Problem(f"{file} 不是完整的备份（{error}）：请换一份") from error
    if not (folder / "database.dump").exists():
        raise Problem(f"{file} 里没有数据库：这不是 linli backup 的备份")


@contextmanager
def _opened(given: BinaryIO) -> Iterator[tarfile.TarFile]:
    """Open a backup; those of earlier versions were not sealed."""
    if not sealed.is_sealed(given):
        with tarfile.open(fileobj=given, mode="r|*") as archive:
            yield archive
        return
    if not (env.home() / "secrets" / KEY).exists() and not env.text(f"LINLI_SECRET_{KEY.upper()}"):
        raise Problem(f"没有密钥 {env.home() / 'secrets' / KEY}：请先把备份时的 secrets 文件夹复制过来")
    plain = sealed.Reader(given, secrets.get(KEY))
    with tarfile.open(fileobj=plain, mode="r|") as archive:
        yield archive
    plain.finish()  # a tar ends before its padding does


def newest_register(restored: Path) -> Path:
    """Return the longer of the two registers of erasures: it is only ever added to."""
    here = env.home() / ERASURES
    if restored.exists() and (not here.exists() or restored.stat().st_size > here.stat().st_size):
        shutil.copyfile(restored, here)
        here.chmod(0o600)
    return here


def _replay(register: Path) -> int:
    """Erase again what the register says was erased; return how many rows. Raises when it was tampered with."""
    from linli.kernel import privacy

    if not register.exists():
        return 0
    done = privacy.replay(register)
    if done.unknown:
        click.echo(f"登记中有本版本不认识的规则，没有重做：{'、'.join(done.unknown)}", err=True)
    return done.erased
