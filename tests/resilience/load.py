"""People at work while something breaks: residents report over HTTP, a bookkeeper posts, a gateway takes messages."""

from __future__ import annotations

import random
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from tests.resilience.site import ROOT, Site, environment, from_somewhere

COMMUNITY = "532503003002"
PATIENCE = 240.0
"""How long a client goes on trying one thing after the fault, in seconds, before the fault counts as not survived."""


class Gateway:
    """An SMS gateway: takes messages, and tells repeated ones by their id as ``Idempotency-Key`` asks it to."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.on_message: Callable[[str], None] = lambda _id: None
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                gateway.taken.append(self.headers["Idempotency-Key"])
                gateway.on_message(self.headers["Idempotency-Key"])
                try:
                    self.send_response(200)
                    self.end_headers()
                except OSError:
                    pass  # whoever sent it is dead

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def settings(self) -> dict[str, str]:
        """The site's settings under which it sends here."""
        return {"LINLI_SMS": "http", "LINLI_SMS_URL": f"http://127.0.0.1:{self._server.server_address[1]}/"}

    def close(self) -> None:
        """Take no more."""
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Resident:
    """A resident with a browser: keeps cookies, sends reports, and knows what was acknowledged."""

    site: Site
    name: str
    phone: str
    acknowledged: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    unanswered: int = 0

    def report(self, text: str, key: str) -> str | None:
        """Send one report under ``key``; return its number once the server has acknowledged it, else ``None``."""
        headers = {"Referer": self.site.address} | from_somewhere()
        with httpx.Client(base_url=self.site.address, timeout=30, headers=headers) as browser:
            try:
                browser.get("/report/place/")
                token = browser.cookies.get("csrftoken") or ""
                browser.post("/report/place/", data={"area": COMMUNITY, "csrfmiddlewaretoken": token})
                form = {"description": text, "key": key, "phone": self.phone, "csrfmiddlewaretoken": token}
                if key not in self.sent:
                    self.sent.append(key)
                answer = browser.post("/report/what/", data=form)
            except httpx.HTTPError:
                self.unanswered += 1
                return None
        found = re.search(r"/t/(C-\d+-\d+)/", answer.headers.get("location", ""))
        if found is None:
            self.unanswered += 1
            return None
        self.acknowledged.append(found.group(1))
        return found.group(1)

    def hang_up(self) -> None:
        """Begin a request and be gone in the middle of it, as a phone in a lift is; half of them after all was sent."""
        body = "area=" + COMMUNITY
        length = len(body) + (0 if random.random() < 0.5 else 500)
        head = f"POST /report/place/ HTTP/1.1\r\nHost: 127.0.0.1:{self.site.port}\r\nContent-Length: {length}\r\n"
        kind = "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        try:
            with socket.create_connection(("127.0.0.1", self.site.port), timeout=5) as line:
                line.sendall((head + kind + body).encode())
                # RST instead of a polite end.
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        except OSError:
            pass

    def live(self, fault: str, over: threading.Event) -> None:
        """Report one thing after another until ``over``; each again under its key until it is acknowledged."""
        number = 0
        while not over.is_set():
            number += 1
            key, end = f"faults-{fault}-{self.name}-{number}", None
            while self.report("楼下垃圾没人收", key) is None:
                if over.is_set():
                    end = end or time.monotonic() + PATIENCE
                    if time.monotonic() > end:
                        return
                time.sleep(0.2)


class Bookkeeper:
    """A process that posts to the ledger and says each key that was acknowledged."""

    def __init__(self, home: Path, extra: dict[str, str]) -> None:
        call = [sys.executable, "-m", "tests.resilience.inside", "post"]
        self._process = subprocess.Popen(
            call, env=environment(home, extra), text=True, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.keys: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.keys.append(line.strip())

    def stop(self) -> list[str]:
        """Let them finish; return the keys that were acknowledged."""
        assert self._process.stdin is not None
        self._process.stdin.write("enough\n")
        self._process.stdin.close()
        self._process.wait(timeout=PATIENCE)
        self._reader.join()
        return self.keys


@dataclass
class Crew:
    """Everybody at work on a site, and what was acknowledged to them."""

    site: Site
    fault: str
    residents: list[Resident] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)

    @property
    def acknowledged(self) -> list[str]:
        """The numbers of all reports that were acknowledged."""
        return [number for one in self.residents for number in one.acknowledged]

    @property
    def keys(self) -> set[str]:
        """The keys of all reports that were sent."""
        return {key for one in self.residents for key in one.sent}


def under_load(
    site: Site, fault: str, strike: Callable[[Crew], None], *, residents: int = 3, calm: float = 1.5
) -> Crew:
    """Let everybody work, ``strike``, and let them work on for ``calm`` seconds; return what was acknowledged."""
    crew = Crew(site, fault, [Resident(site, f"r{n}", f"1388730{n:04d}") for n in range(residents)])
    bookkeeper, over = Bookkeeper(site.home, site.extra), threading.Event()
    threads = [threading.Thread(target=one.live, args=(fault, over)) for one in crew.residents]
    for thread in threads:
        thread.start()
    try:
        _until(lambda: bool(crew.acknowledged), "nobody was answered at all")
        _until(lambda: bool(bookkeeper.keys), "nothing was posted at all")
        strike(crew)
        before, posted = len(crew.acknowledged), len(bookkeeper.keys)
        _until(lambda: len(crew.acknowledged) > before, f"after {fault} nobody was answered any more")
        _until(lambda: len(bookkeeper.keys) > posted, f"after {fault} nothing could be posted any more")
        time.sleep(calm)
    finally:
        over.set()
        for thread in threads:
            thread.join()
        crew.entries = bookkeeper.stop()
    return crew


def _until(done: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            raise AssertionError(otherwise)
        time.sleep(0.05)
