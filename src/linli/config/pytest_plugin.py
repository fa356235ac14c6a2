"""Tests run against a real PostgreSQL in a throw-away data folder; loaded by ``-p``, before the settings are.

The embedded server is used unless ``DATABASE_URL`` names another. Whoever set ``LINLI_HOME`` for their own
installation must not find test data in it, so tests never use it. Workers of xdist share the folder and the
server of the session that started them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

OURS = "LINLI_TEST_SESSION"
PREFIX = "linli-test-"
ROOM = 2 * 2**30


def _folder() -> Path:
    """Return a parent for throw-away folders: memory if there is plenty of it, since nothing must survive."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder made in it is named after us and has mode 0700
    if memory.is_dir() and shutil.disk_usage(memory).free > ROOM:
        return memory
    return Path(tempfile.gettempdir())


def _sweep(folder: Path) -> None:
    """Clear away what a killed session left behind."""
    from linli.config import embedded

    for left in folder.glob(f"{PREFIX}*"):
        owner = left.name.removeprefix(PREFIX)
        if owner.isdigit() and not Path(f"/proc/{owner}").exists() and Path("/proc").is_dir():
            embedded.forget(left)
            shutil.rmtree(left, ignore_errors=True)


def _begin() -> None:
    folder = _folder()
    _sweep(folder)
    home = folder / f"{PREFIX}{os.getpid()}"
    home.mkdir(exist_ok=True)
    os.environ |= {OURS: str(os.getpid()), "LINLI_HOME": str(home), "LINLI_TEST_DATABASE": "1"}
    if not os.environ.get("DATABASE_URL"):
        from linli.config import embedded

        # An administrator: tests make databases and roles. What roles may do has tests of its own.
        os.environ["DATABASE_URL"] = embedded.url("admin")
        os.environ[f"{OURS}_SERVER"] = "1"


if OURS not in os.environ:
    _begin()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the server, once for all workers."""
    if _is_ours() and f"{OURS}_SERVER" in os.environ and not session.config.option.collectonly:
        from linli.config import embedded

        embedded.ensure_running()


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    if _is_ours():
        from linli.config import embedded

        home = Path(os.environ["LINLI_HOME"])
        embedded.forget(home)
        shutil.rmtree(home, ignore_errors=True)


def _is_ours() -> bool:
    return os.environ.get(OURS) == str(os.getpid())
