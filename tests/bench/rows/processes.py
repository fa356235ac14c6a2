"""What the running product holds: processes and memory."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.bench import Bench
from tests.bench.meter import resident_megabytes
from tests.bench.table import Line, at_most


def at_rest(bench: Bench) -> Iterator[Line]:
    """Yield the memory of the web server before anybody came."""
    bench.ground.visitor().get("/")
    yield at_most("web server at rest (PSS)", resident_megabytes(bench.web()), "MB", 150)


def after_load(bench: Bench) -> Iterator[Line]:
    """Yield the memory of the web server after all of the above."""
    yield at_most("web server after load (PSS)", resident_megabytes(bench.web()), "MB", 180)
