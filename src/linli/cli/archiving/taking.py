"""Taking: base backups over the server's own protocol, and the pieces of log out of the spool."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import psycopg
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from linli.cli.archiving import store as stored
from linli.cli.archiving.store import Base, Store
from linli.cli.why import Problem
from linli.config import database as configured
from linli.config import env
from linli.config.embedded import locks

BARS = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
INCREMENTS_SINCE = 170000
COLLECT_SECONDS = 30.0


def server() -> dict[str, Any]:
    """Return how to reach the server as somebody who may copy it whole."""
    if configured.is_embedded():
        from linli.config import embedded

        address = embedded.url("admin")
    else:
        address = configured.url("owner")
    parts = configured.parse(address)
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return {name: parts[key] for name, key in names.items() if parts[key]}


def connect() -> psycopg.Connection[Any]:
    """Return a connection to that server, in autocommit mode."""
    return psycopg.connect(**server(), autocommit=True)


def setting(admin: psycopg.Connection[Any], name: str) -> str:
    """Return a setting of the server."""
    row = admin.execute("SELECT current_setting(%s)", [name]).fetchone()
    return str(row[0]) if row else ""


def program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs."""
    path = shutil.which(name)
    if configured.is_embedded():
        from linli.config import embedded

        path = str(embedded.binary(name))
    if path is None:
        raise Problem(f"没有找到 {name}：请安装与数据库同一版本的 postgresql-client")
    return path


def base(store: Store, *, full: bool = False) -> Base:
    """Add a base backup: an increment on the last one where the server can, else a full one."""
    with connect() as admin:
        version = admin.info.server_version
        size = _one(admin, "SELECT pg_database_size(current_database())")
        parent = store.bases()[-1] if store.bases() and not full and version >= INCREMENTS_SINCE else None
        name = f"base-{_now(admin):%Y%m%dT%H%M%SZ}"
        folder = store.folder / name
        folder.mkdir(mode=0o700)
        try:
            made = _copied(store, name, parent, None if parent else int(size))
        except _NoIncrement:
            made = _copied(store, name, None, int(size))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        # Without the log up to here the base is nothing: it is closed now, and whoever took the base waits for it.
        _one(admin, "SELECT pg_switch_wal()::text")
        made = replace(made, at=_now(admin))
    store.end_base(made)
    return made


class _NoIncrement(Exception):
    """The server no longer knows what changed since the last base: a full one is due."""


def _now(admin: psycopg.Connection[Any]) -> datetime:
    moment: datetime = _one(admin, "SELECT clock_timestamp()")
    return moment.astimezone(UTC)


def _one(admin: psycopg.Connection[Any], query: str) -> Any:
    row = admin.execute(query).fetchone()
    return row[0] if row else None


def _copied(store: Store, name: str, parent: Base | None, size: int | None) -> Base:
    """Stream the server's data folder into a sealed tar, then read it back for what must be known of it."""
    target = store.folder / name / stored.BASE
    with tempfile.TemporaryDirectory(prefix="linli-archive-") as scratch:
        call = [program("pg_basebackup"), "--pgdata=-", "--format=tar", "--wal-method=none", "--checkpoint=fast"]
        if parent:
            manifest = Path(scratch) / "manifest"
            stored.unseal(store.folder / parent.name / stored.MANIFEST, manifest)
            call.append(f"--incremental={manifest}")
        told = Path(scratch) / "told"
        with told.open("wb") as errors:
            process = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=errors, env=os.environ | _variables())
            _pour(process, target, "增量备份" if parent else "基础备份", size)
        if process.returncode:
            why = (told.read_text(errors="replace").strip().splitlines() or ["?"])[-1]
            if parent:
                click.echo(f"做不了增量（{why}），改做完整的基础备份。", err=True)
                raise _NoIncrement
            raise Problem(f"pg_basebackup 失败（{why}）：请检查磁盘空间，以及数据库角色有没有 REPLICATION 权限")
    first = _known(target, store.folder / name / stored.MANIFEST)
    return Base(name, datetime.now(UTC), first, parent.name if parent else None, target.stat().st_size)  # noqa: TID251 - replaced by the server's


def _variables() -> dict[str, str]:
    """Return the server's place as libpq's own variables: a password is no argument for others to read."""
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    given = server()
    return {"LC_ALL": "C"} | {variable: given[name] for name, variable in names.items() if name in given}


def _pour(process: subprocess.Popen[bytes], target: Path, title: str, size: int | None) -> None:
    with process, stored.sealing(target) as writer, shown() as bars:
        task = bars.add_task(title, total=size)
        while process.stdout and (piece := process.stdout.read(1 << 20)):
            writer.write(piece)
            bars.advance(task, len(piece))


@contextmanager
def shown() -> Iterator[Progress]:
    """Show bars on standard error while the block runs."""
    with Progress(*BARS, console=Console(stderr=True), transient=True) as bars:
        yield bars


def _known(file: Path, manifest: Path) -> str:
    """Keep the manifest beside its base; return the first piece of log that the base needs."""
    first, listed = "", False
    with stored.opened(file) as given, tarfile.open(fileobj=given, mode="r|") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.name in {"backup_label", "backup_manifest"} else None
            if content is None:
                continue
            if member.name == "backup_label":
                found = re.search(rb"START WAL LOCATION: \S+ \(file (\w{24})\)", content.read())
                first = found[1].decode() if found else ""
            else:
                listed = True
                with stored.sealing(manifest) as writer:
                    shutil.copyfileobj(content, writer)
    if not first or not listed:
        raise Problem(f"{file} 不完整：请检查磁盘空间，再运行一次 linli archive add")
    return first


def collect() -> int:
    """Seal what lies in the spool, the register of erasures and new photos; return how many pieces of log.

    Cut off at any time, it goes on at the next call: a piece leaves the spool only once it lies sealed.
    """
    kept = stored.note()
    if kept is None:
        return 0
    store = Store(kept.folder)
    with locks.exclusive(env.home() / "archive.lock"):
        store.make()
        pieces = sorted(path for path in kept.spool.iterdir() if path.suffix != ".new") if kept.spool.is_dir() else []
        for piece in pieces:
            stored.seal(piece, store.folder / "wal" / (piece.name + stored.SEALED))
            piece.unlink()
        _register(store)
        _media(store)
    return len(pieces)


def _register(store: Store) -> None:
    register, there = env.home() / "erasures.jsonl", store.folder / stored.ERASURES
    if register.exists() and (not there.exists() or there.stat().st_mtime < register.stat().st_mtime):
        stored.seal(register, there)


def _media(store: Store) -> None:
    """Follow the photos: new ones come, those that retention erased go."""
    media, there = env.home() / "media", store.folder / "media"
    if not media.is_dir():
        return
    wanted = {str(path.relative_to(media)) + stored.SEALED: path for path in media.rglob("*") if path.is_file()}
    present = {str(path.relative_to(there)) for path in there.rglob(f"*{stored.SEALED}")}
    for name in wanted.keys() - present:
        stored.seal(wanted[name], there / name)
    for name in present - wanted.keys():
        (there / name).unlink()


def collecting(over: threading.Event) -> None:
    """Collect again and again until ``over``: what a thread of the worker does."""
    while not over.wait(COLLECT_SECONDS):
        try:
            collect()
        except (OSError, Problem) as error:
            click.echo(f"日志归档没有成功，稍后再试：{error}", err=True)
