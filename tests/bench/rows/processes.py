"""What the running product holds: processes and memory."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.bench.bench import Bench
from tests.bench.meter import children, resident_megabytes
from tests.bench.table import Line, at_most, seen

DUE = """
SELECT (SELECT count(*) FROM procrastinate_jobs
         WHERE status IN ('todo', 'doing') AND coalesce(scheduled_at, now()) <= now())
     + (SELECT count(*) FROM jobs_beat WHERE name <> 'worker'
         AND (leased_until > now() OR began_at < now() - (seconds + 10) * interval '1 second'))
"""
"""Jobs that are due, and periodic functions under way or late: a worker that has just started has run none."""
PATIENCE = 600
"""A site that stood still finds some thousand clocks run out, each with messages to send."""


def at_rest(bench: Bench) -> Iterator[Line]:
    """Yield the memory of the web server before anybody came."""
    bench.ground.visitor().get("/")
    yield at_most("web server at rest (PSS)", resident_megabytes(bench.web()), "MB", 150)


def kinds(bench: Bench) -> Iterator[Line]:
    """Yield how many kinds of process the whole takes: server, worker and the database they keep, seen working."""
    bench.ground.site.start_worker()
    try:
        _wait_until_done(bench)
        kinds = [*bench.ground.site.processes, "database"]
        yield at_most("kinds of process to run the whole", len(kinds), "", 3, note=", ".join(kinds))
        yield seen("worker (PSS)", resident_megabytes(children(bench.ground.site.processes["worker"].pid)), "MB")
    finally:
        bench.ground.site.kill("worker")


def _wait_until_done(bench: Bench) -> None:
    """Return once the worker has nothing left that is due. Raises ``RuntimeError`` when that does not come."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        (waiting,) = bench.admin.execute(DUE).fetchone() or (0,)
        if not waiting:
            return
        time.sleep(0.5)
    raise RuntimeError(f"{waiting} jobs and periodic functions still wait after {PATIENCE} seconds")


def after_load(bench: Bench) -> Iterator[Line]:
    """Yield the memory of the web server after all of the above."""
    yield at_most("web server after load (PSS)", resident_megabytes(bench.web()), "MB", 180)
