"""The folder of an archive: what lies where, packed and sealed with the backup key (:mod:`linli.cli.sealed`).

ARCHIVE/base-20261122T031500Z/    about.json, base.linli (a tar of the data folder), manifest.linli
ARCHIVE/wal/00000001000000000000002A.linli
ARCHIVE/media/NAME.linli            photos and files, under their own names
ARCHIVE/erasures.linli            the register of erasures
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from linli.cli import sealed
from linli.cli.why import Problem
from linli.config import env, secrets

KEY = "backup"
SEALED = ".linli"
NOTE = "archive.json"
ABOUT, BASE, MANIFEST, ERASURES = "about.json", "base.linli", "manifest.linli", "erasures.linli"


@dataclass(frozen=True)
class Base:
    """One base backup. ``at``: when it ended, the first moment it can bring back; ``parent``: what it adds to."""

    name: str
    at: datetime
    first_wal: str
    parent: str | None
    bytes: int


@dataclass(frozen=True)
class Note:
    """Where this installation keeps its archive, and the spool into which its server copies its log."""

    folder: Path
    spool: Path


def note() -> Note | None:
    """Return what ``linli archive begin`` wrote down, or ``None``."""
    try:
        told = json.loads((env.home() / NOTE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Note(Path(told["folder"]), Path(told["spool"]))


def remember(folder: Path, spool: Path) -> None:
    """Write down where the archive and the spool are."""
    told = {"folder": str(folder.resolve()), "spool": str(spool)}
    (env.home() / NOTE).write_text(json.dumps(told), encoding="utf-8")


class Store:
    """An archive in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self) -> None:
        """Make the folder, closed to others."""
        for part in (self.folder, self.folder / "wal", self.folder / "media"):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)

    def bases(self) -> list[Base]:
        """Return the base backups that were ended, oldest first."""
        found = []
        for about in sorted(self.folder.glob(f"base-*/{ABOUT}")):
            told = json.loads(about.read_text(encoding="utf-8"))
            found.append(Base(**(told | {"at": datetime.fromisoformat(told["at"])})))
        return found

    def chain(self, at: datetime | None) -> list[Base]:
        """Return the full base and the increments that bring back ``at`` (``None``: the last moment there is)."""
        bases = self.bases()
        if not bases:
            raise Problem(f"{self.folder} 里没有完整的基础备份：请先运行 linli archive begin")
        usable = [base for base in bases if at is None or base.at <= at]
        if not usable:
            raise Problem(f"这份归档最早能恢复到 {shown(bases[0].at)}：请给出更晚的时刻")
        by_name = {base.name: base for base in bases}
        chain = [usable[-1]]
        while (parent := chain[0].parent) is not None:
            if parent not in by_name:
                raise Problem(f"归档缺少 {parent}，{chain[0].name} 无法使用：请换更早或更晚的时刻")
            chain.insert(0, by_name[parent])
        return chain

    def end_base(self, base: Base) -> None:
        """Write a base's note last: without it the base does not count."""
        told = asdict(base) | {"at": base.at.astimezone(UTC).isoformat()}
        file = self.folder / base.name / ABOUT
        partial = file.with_suffix(".partial")
        partial.write_text(json.dumps(told), encoding="utf-8")
        partial.replace(file)

    def wal(self) -> list[Path]:
        """Return the sealed pieces of log, in order."""
        return sorted(path for path in (self.folder / "wal").glob(f"*{SEALED}"))

    def drop_before(self, moment: datetime) -> int:
        """Forget what is needed only for moments before ``moment``; return how many bases went."""
        bases = self.bases()
        kept = {base.name for base in bases if base.at > moment}
        newest = [base for base in bases if base.at <= moment][-1:]
        kept |= {base.name for base in self._ancestors([base for base in bases if base.name in kept] + newest)}
        gone = [base for base in bases if base.name not in kept]
        for base in gone:
            shutil.rmtree(self.folder / base.name)
        first = min((base.first_wal[8:] for base in bases if base.name in kept), default="")
        for piece in self.wal():
            if len(piece.stem) >= 24 and piece.stem[8:24] < first:
                piece.unlink()
        return len(gone)

    def _ancestors(self, bases: list[Base]) -> list[Base]:
        by_name = {base.name: base for base in self.bases()}
        found: dict[str, Base] = {}
        for base in bases:
            step: Base | None = base
            while step is not None and step.name not in found:
                found[step.name] = step
                step = by_name.get(step.parent or "")
        return list(found.values())


def shown(moment: datetime) -> str:
    """Return a moment as China's wall clock shows it."""
    from linli.kernel import clock

    return f"{clock.local(moment):%Y-%m-%d %H:%M:%S}"


@contextlib.contextmanager
def sealing(target: Path) -> Iterator[BinaryIO]:
    """Write a packed and sealed file that appears, whole and on the disk, only when the block ends well."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    with partial.open("wb") as out:
        os.fchmod(out.fileno(), 0o600)
        # A piece of log that was closed early is mostly zeros.
        with sealed.Writer(out, secrets.get(KEY)) as writer, gzip.GzipFile("", "wb", 1, writer, 0) as packed:
            yield cast("BinaryIO", packed)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(target)


def seal(source: Path, target: Path) -> None:
    """Seal one file."""
    with source.open("rb") as given, sealing(target) as writer:
        shutil.copyfileobj(given, writer, sealed.CHUNK)


@contextlib.contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """Open a sealed file for reading. Raises :class:`Problem` when there is no key, or it does not fit."""
    if not (env.home() / "secrets" / KEY).exists() and not env.text(f"LINLI_SECRET_{KEY.upper()}"):
        raise Problem(f"没有密钥 {env.home() / 'secrets' / KEY}：请先把备份时的 secrets 文件夹复制过来")
    try:
        with file.open("rb") as given:
            plain = sealed.Reader(given, secrets.get(KEY))
            yield cast("BinaryIO", gzip.GzipFile(fileobj=io.BufferedReader(plain, sealed.CHUNK)))
            plain.finish()
    except sealed.Broken as error:
        why = f"{file} 打不开：文件不完整、被改动，或密钥不是备份时的那一把"
        raise Problem(f"{why}；请把当时的 secrets 文件夹复制到 {env.home()}") from error


def unseal(source: Path, target: Path) -> None:
    """Write the plain content of a sealed file."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with opened(source) as given, target.open("wb") as out:
        shutil.copyfileobj(given, out, sealed.CHUNK)
