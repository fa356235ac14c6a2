"""Locks between processes, by ``flock``: the kernel releases them when a process dies, however it dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path


def _open(file: Path) -> int:
    file.parent.mkdir(parents=True, exist_ok=True)
    return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)


@contextlib.contextmanager
def exclusive(file: Path) -> Iterator[None]:
    """Hold ``file`` alone during the block, waiting for it as long as another process has it."""
    handle = _open(file)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def shared(file: Path, last: Callable[[], object]) -> Iterator[None]:
    """Share ``file`` with others during the block; whoever leaves last calls ``last``.

    Newcomers wait until ``last`` is done, so they never meet something half taken down.
    """
    handle = _open(file)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        try:
            yield
        finally:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                last()
    finally:
        os.close(handle)
