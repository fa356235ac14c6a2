"""The sites that are measured: their data folders, their server, and who signs in."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import psycopg

from linli.config import embedded
from tests.resilience.site import Site, environment, from_somewhere

PASSWORD = "linli-demo"
COMMUNITY = "532503003002"
LOCAL = """\
# What the bench reads: statements and buffers by query, and the rows that an action writes.
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track_utility = off
pg_stat_statements.track_planning = on
pg_stat_statements.max = 5000
wal_level = logical
max_replication_slots = 4
"""

FILLING = """\
# While the district is filled, and never after: whoever interrupts it begins anew, so nothing need survive a fall.
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
archive_mode = off
summarize_wal = off
max_wal_size = '6GB'
checkpoint_timeout = '1h'
# What is filled is vacuumed and analyzed at the end, once.
autovacuum = off
shared_buffers = '2GB'
"""


@dataclass(frozen=True)
class Size:
    """How large a site is: matters made by :mod:`tests.bench.fill`, beside those of the small demo."""

    name: str
    matters: int
    residents: int


SIZES = {
    "tiny": Size("tiny", 2_000, 5_000),
    "small": Size("small", 20_000, 50_000),
    "middle": Size("middle", 200_000, 100_000),
    "full": Size("full", 2_100_000, 1_089_000),
}
"""*middle* is for trying a change of the generator. *full* is 五华's 2.1 million matters and 思明's 1.089 million
residents; docs/sources.md."""


OPEN = 8_000
"""How many matters are open at one time, in a district of any size: half of them have a point on the map."""


@dataclass
class Ground:
    """One site on a data folder of its own: made once, measured often."""

    size: Size
    folder: Path

    @property
    def home(self) -> Path:
        """Its data folder."""
        return self.folder / self.size.name

    @cached_property
    def site(self) -> Site:
        """Its server, started and stopped by :meth:`running`."""
        return Site(self.home)

    def prepare(self) -> None:
        """Make it if it is not there yet; an interrupted one is made anew."""
        done = self.home / "bench.json"
        if done.exists():
            return
        if self.home.exists():
            embedded.forget(self.home)
        self.home.mkdir(parents=True, exist_ok=True, mode=0o755)
        call = [sys.executable, "-m", "tests.bench.prepare", self.size.name]
        started = time.monotonic()
        subprocess.run(call, env=environment(self.home), check=True)
        done.write_text(json.dumps({"seconds": round(time.monotonic() - started)}), encoding="ascii")

    def prepared_in(self) -> int:
        """Return how many seconds :meth:`prepare` took when it made this site."""
        return int(json.loads((self.home / "bench.json").read_text(encoding="ascii"))["seconds"])

    @contextmanager
    def running(self) -> Iterator[Ground]:
        """Run database and web server, with production settings, during the block."""
        os.environ["LINLI_HOME"] = str(self.home)
        with embedded.hold(self.home):
            self.site.start()
            try:
                yield self
            finally:
                self.site.kill()
        # Whoever is killed may leave a moment after us, and tells nobody that it was the last.
        embedded.stop(self.home)

    def connect(self, role: str) -> psycopg.Connection[Any]:
        """Return a plain connection as one of the three roles, or ``admin``."""
        return psycopg.connect(embedded.url(role, self.home).replace("?", "?connect_timeout=5&"))

    def visitor(self) -> httpx.Client:
        """Return somebody's browser that nobody has signed in with."""
        headers = {"Referer": self.site.address} | from_somewhere()
        return httpx.Client(base_url=self.site.address, timeout=60, headers=headers)

    def staff(self, account: str) -> httpx.Client:
        """Return the browser of a demo account, signed in as a person does."""
        browser = self.visitor()
        browser.get("/accounts/login/")
        form = {"login": account, "password": PASSWORD, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        answer = browser.post("/accounts/login/", data=form)
        if answer.status_code != 302:
            raise RuntimeError(f"{account} was not let in: {answer.status_code}")
        return browser


def token(browser: httpx.Client) -> dict[str, str]:
    """Return the form field against forged requests."""
    return {"csrfmiddlewaretoken": browser.cookies.get("csrftoken") or ""}


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of a page's forms, by name."""
    found = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name.group(1)] = value.group(1) if value else ""
    return found
