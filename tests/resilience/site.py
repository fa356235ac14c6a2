"""A whole site in processes of its own, to be killed and started again."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

# The tests' own database writes late (LINLI_TEST_DATABASE); this site must write as a real one does.
NOT_OURS = ("DATABASE_URL", "LINLI_PROFILE", "LINLI_ROLE", "DJANGO_SETTINGS_MODULE", "LINLI_TEST_DATABASE")
COMMUNITY = "532503003002"


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a command of this site."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    return kept | {"LINLI_HOME": str(home)}


def command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command of the command line to its end."""
    call = [sys.executable, "-m", "linli.cli", *arguments]
    return subprocess.run(call, capture_output=True, text=True, env=environment(home), timeout=180, check=False)


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """One running web server on a data folder."""

    home: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the web server and wait until its first page answers."""
        call = [sys.executable, "-m", "linli.cli", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            call, env=environment(self.home), text=True, start_new_session=True, stdout=subprocess.DEVNULL
        )
        end = time.monotonic() + 180
        while time.monotonic() < end:
            try:
                if httpx.get(self.address, timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.2)
        raise AssertionError("the site did not answer within three minutes")

    def kill(self) -> None:
        """Kill the web server with all its processes, without a word of warning."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def kill_database(self) -> None:
        """Kill the database server and its backends, without a word of warning."""
        (pid_file,) = self.home.glob("**/postmaster.pid")
        os.kill(int(pid_file.read_text(encoding="ascii").split()[0]), signal.SIGKILL)


@dataclass
class Resident:
    """A resident with a browser: keeps cookies, sends reports, and knows what was acknowledged."""

    site: Site
    name: str
    acknowledged: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def report(self, text: str, key: str) -> str | None:
        """Send one report under ``key``; return its number once the server has acknowledged it, else ``None``."""
        with httpx.Client(base_url=self.site.address, timeout=20, headers={"Referer": self.site.address}) as browser:
            try:
                browser.get("/report/place/")
                token = browser.cookies.get("csrftoken") or ""
                browser.post("/report/place/", data={"area": COMMUNITY, "csrfmiddlewaretoken": token})
                form = {"description": text, "key": key, "csrfmiddlewaretoken": token}
                self.sent.append(key)
                answer = browser.post("/report/what/", data=form)
            except httpx.HTTPError:
                return None
        found = re.search(r"/t/(C-\d+-\d+)/", answer.headers.get("location", ""))
        if found is None:
            return None
        self.acknowledged.append(found.group(1))
        return found.group(1)
