"""What a line of the table has at hand while it measures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.bench import bare
from tests.bench.ground import Ground
from tests.bench.meter import Meter, Spent, children, processor_seconds

WEB = "linli_web"
Work = Callable[[], object]


@dataclass
class Bench:
    """A running site with the means to measure it."""

    ground: Ground
    admin: psycopg.Connection[Any]
    hand: psycopg.Connection[Any]
    """The bare connection: the web's own role, one transaction for each piece of work."""

    def web(self) -> list[int]:
        """Return the processes of the web server."""
        return children(self.ground.site.processes["web"].pid)

    def vacuumed(self) -> None:
        """Do for the matters what autovacuum does, within a minute of a thousand changes, in any size of district."""
        self.admin.execute("VACUUM matters_matter")

    def over_http(self, work: Work, pieces: int = 1) -> Spent:
        """Return what ``work`` costs the web server and its database, for one of ``pieces``."""
        with Meter(self.admin, WEB, self.web).measuring() as spent:
            work()
        return spent.each(pieces)

    def by_hand(self, work: Work, pieces: int = 1) -> float:
        """Return the processor seconds that bare ``work`` costs this process and its backend, for one piece."""
        backend = self.hand.info.backend_pid
        before, began = processor_seconds([backend]), time.process_time()
        work()
        return (processor_seconds([backend]) - before + time.process_time() - began) / pieces

    def written_by(self, work: Work) -> bare.Replay:
        """Return the rows that ``work`` writes, ready to be written again by hand."""
        with bare.reading(self.admin) as changes:
            work()
            return bare.Replay.of(changes(), self.admin)


@contextmanager
def at(ground: Ground) -> Iterator[Bench]:
    """Run ``ground`` and yield its bench."""
    with ground.running(), ground.connect("admin") as admin, ground.connect("web") as hand:
        admin.autocommit = True
        hand.autocommit = True
        yield Bench(ground, admin, hand)
