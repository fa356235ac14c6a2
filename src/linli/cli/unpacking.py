"""Unpacking a tar from somewhere else: nothing of it may land outside its folder."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path


def unpack_one(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file or folder of a backup. Written out here because Python 3.11.2 knows no extraction filter."""
    target = (folder / member.name).resolve()
    if not target.is_relative_to(folder.resolve()) or not (member.isfile() or member.isdir()):
        raise tarfile.TarError(f"unexpected {member.name}")
    if member.isdir():
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = archive.extractfile(member)
    if content is not None:
        with content, target.open("wb") as out:
            shutil.copyfileobj(content, out)
