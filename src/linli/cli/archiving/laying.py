"""Laying out: a data folder as it was at a base, and the log that leads from there to the moment that is wanted."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from datetime import datetime
from pathlib import Path

from linli.cli.archiving import store as stored
from linli.cli.archiving.store import Store
from linli.cli.archiving.taking import program, shown
from linli.cli.unpacking import unpack_one
from linli.cli.why import Problem
from linli.config import env


def lay(store: Store, at: datetime | None, into: Path) -> tuple[Path, Path]:
    """Write the data folder and the log for ``at`` under ``into``; return the two folders."""
    chain = store.chain(at)
    with shown() as bars:
        pieces = [path for path in store.wal() if len(path.stem) != 24 or path.stem[8:] >= chain[-1].first_wal[8:]]
        total = sum(base.bytes for base in chain) + sum(path.stat().st_size for path in pieces)
        task = bars.add_task("取出备份", total=total)
        parts = []
        for number, base in enumerate(chain):
            parts.append(into / f"part{number}")
            _extract(store.folder / base.name / stored.BASE, parts[-1])
            bars.advance(task, base.bytes)
        for path in pieces:
            stored.unseal(path, into / "wal" / path.stem)
            bars.advance(task, path.stat().st_size)
    (into / "wal").mkdir(mode=0o700, exist_ok=True)
    return _combined(parts, into / "data"), into / "wal"


def _extract(file: Path, folder: Path) -> None:
    folder.mkdir(mode=0o700)
    with stored.opened(file) as given, tarfile.open(fileobj=given, mode="r|") as archive:
        for member in archive:
            unpack_one(archive, member, folder)


def _combined(parts: list[Path], data: Path) -> Path:
    """Return one data folder of a full base and its increments."""
    if len(parts) == 1:
        return parts[0].rename(data)
    call = [program("pg_combinebackup"), *map(str, parts), "--output", str(data)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Problem(f"合并增量备份失败（{(done.stderr.strip().splitlines() or ['?'])[-1]}）：请检查磁盘空间")
    for part in parts:
        shutil.rmtree(part)
    return data


def files(store: Store) -> int:
    """Write the photos and the register of erasures back into the data folder; return how many photos."""
    sealed = [path for path in (store.folder / "media").rglob(f"*{stored.SEALED}") if path.is_file()]
    with shown() as bars:
        task = bars.add_task("恢复照片", total=sum(path.stat().st_size for path in sealed))
        for path in sealed:
            name = str(path.relative_to(store.folder / "media")).removesuffix(stored.SEALED)
            stored.unseal(path, env.home() / "media" / name)
            bars.advance(task, path.stat().st_size)
    return len(sealed)
