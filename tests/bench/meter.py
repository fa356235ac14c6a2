"""What work costs: processor time of the processes that did it, statements and buffers of the database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

# The looks at "has another process changed the policy?" happen once a second, not once a request.
TOKENS = "generation"


def processor_seconds(pids: Iterable[int]) -> float:
    """Return the processor time of these processes so far, to the nanosecond the scheduler counts."""
    total = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            try:
                total += int(task.read_text(encoding="ascii").split()[0])
            except (FileNotFoundError, ProcessLookupError):
                continue
    return total / 1e9


def children(pid: int) -> list[int]:
    """Return ``pid`` and every process below it."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in task.read_text(encoding="ascii").split()]
    return found


def resident_megabytes(pids: Iterable[int]) -> float:
    """Return the memory these processes hold, shared pages by their share (PSS)."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


@dataclass
class Spent:
    """What some work cost; for one piece of it after :meth:`each`."""

    cpu: float = 0.0
    seconds: float = 0.0
    statements: float = 0.0
    buffers: float = 0.0
    queries: list[tuple[str, int, int]] = field(default_factory=list)

    def each(self, pieces: int) -> Spent:
        """Return the cost of one of ``pieces``."""
        return Spent(
            self.cpu / pieces, self.seconds / pieces, self.statements / pieces, self.buffers / pieces, self.queries
        )


@dataclass
class Meter:
    """Measures blocks of work done by the processes of ``pids`` and the backends of ``login``."""

    admin: psycopg.Connection[Any]
    login: str
    pids: Callable[[], list[int]]

    @contextmanager
    def measuring(self) -> Iterator[Spent]:
        """Yield what the block costs; filled in when it ends."""
        spent = Spent()
        self.admin.execute("SELECT pg_stat_statements_reset()")
        processes = self._processes()
        before, began = processor_seconds(processes), time.perf_counter()
        yield spent
        spent.seconds = time.perf_counter() - began
        # A backend that came meanwhile counts whole.
        spent.cpu = processor_seconds(set(processes) | set(self._processes())) - before
        rows = self.admin.execute(
            "SELECT query, calls, shared_blks_hit + shared_blks_read FROM pg_stat_statements s "
            "JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = %s AND query NOT LIKE %s",
            [self.login, f"%{TOKENS}%"],
        ).fetchall()
        spent.queries = [(query, int(calls), int(blocks)) for query, calls, blocks in rows]
        spent.statements = float(sum(calls for _, calls, _ in spent.queries))
        spent.buffers = float(sum(blocks for _, _, blocks in spent.queries))

    def _processes(self) -> list[int]:
        backends = self.admin.execute("SELECT pid FROM pg_stat_activity WHERE usename = %s", [self.login])
        return [*self.pids(), *(pid for (pid,) in backends)]
