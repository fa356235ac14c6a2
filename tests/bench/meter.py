"""What work costs: processor time of the processes that did it, statements and buffers of the database."""

from __future__ import annotations

import re
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


LISTED = 6
"""How many statements a profile names."""
FROM = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+\"?([a-z_]+)")


@dataclass(frozen=True)
class Query:
    """One statement of some work: how often, the buffers it touched, milliseconds of planning and of running."""

    text: str
    calls: float
    buffers: float
    planned: float
    run: float

    def each(self, pieces: int) -> Query:
        """Return its part in one of ``pieces``."""
        return Query(self.text, *(value / pieces for value in (self.calls, self.buffers, self.planned, self.run)))

    def told(self) -> str:
        """Return it in words, with the tables it names."""
        tables = ", ".join(dict.fromkeys(FROM.findall(self.text)))
        return (
            f"{self.calls:g} × {self.text.split(None, 1)[0]} ({tables}): planned {self.planned:.2f} ms, "
            f"run {self.run:.2f} ms, {self.buffers:.0f} buffers"
        )


@dataclass
class Spent:
    """What some work cost; for one piece of it after :meth:`each`."""

    cpu: float = 0.0
    seconds: float = 0.0
    statements: float = 0.0
    buffers: float = 0.0
    web: float = 0.0
    """The part of ``cpu`` that the server's processes spent; the rest is the database's."""
    queries: list[Query] = field(default_factory=list)

    def each(self, pieces: int) -> Spent:
        """Return the cost of one of ``pieces``."""
        return Spent(
            self.cpu / pieces, self.seconds / pieces, self.statements / pieces, self.buffers / pieces,
            self.web / pieces, [query.each(pieces) for query in self.queries],
        )  # fmt: skip

    def profile(self) -> list[str]:
        """Return in words where the cost lies: server and database, then the statements, the dearest first."""
        dearest = sorted(self.queries, key=lambda query: (query.planned + query.run, query.buffers), reverse=True)
        head = f"server {self.web * 1000:.1f} ms, database {(self.cpu - self.web) * 1000:.1f} ms of processor time"
        return [head, *(query.told() for query in dearest[:LISTED])]


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
        processes, servers = self._processes(), self.pids()
        before, web, began = processor_seconds(processes), processor_seconds(servers), time.perf_counter()
        yield spent
        spent.seconds = time.perf_counter() - began
        # A backend that came meanwhile counts whole.
        spent.cpu = processor_seconds(processes | self._processes()) - before
        spent.web = processor_seconds(servers) - web
        rows = self.admin.execute(
            "SELECT query, calls, shared_blks_hit + shared_blks_read, total_plan_time, total_exec_time "
            "FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = %s AND query NOT LIKE %s",
            [self.login, f"%{TOKENS}%"],
        ).fetchall()
        spent.queries = [Query(*row) for row in rows]
        spent.statements = float(sum(query.calls for query in spent.queries))
        spent.buffers = float(sum(query.buffers for query in spent.queries))

    def _processes(self) -> set[int]:
        backends = self.admin.execute("SELECT pid FROM pg_stat_activity WHERE usename = %s", [self.login])
        return {*self.pids(), *(pid for (pid,) in backends)}
