"""A whole site in processes of its own, to be killed and started again."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from linli.kernel import clock

ROOT = Path(__file__).resolve().parents[2]
# The tests' own database writes late (LINLI_TEST_DATABASE); this site must write as a real one does.
NOT_OURS = ("DATABASE_URL", "LINLI_PROFILE", "LINLI_ROLE", "DJANGO_SETTINGS_MODULE", "LINLI_TEST_DATABASE")
STARTS_WITHIN = 240.0
"""A machine on which seven others test at once starts a site slowly; whether it starts is what counts."""


def to_daytime() -> int:
    """Return by how many minutes a clock is moved so that it is ten in the morning: at night residents get no message.

    Whoever starts processes one after another asks once: asked again later, a later process would live in an earlier
    minute than those before it.
    """
    wall = clock.local()
    return (10 * 60 - wall.hour * 60 - wall.minute) % (24 * 60)


def daytime() -> str:
    """Return the setting ``LINLI_CLOCK`` under which it is ten in the morning."""
    return f"+{to_daytime()}m"


def environment(home: Path, extra: dict[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a command of this site."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    ours = {"LINLI_HOME": str(home), "LINLI_LOG_LEVEL": "ERROR", "LINLI_PROXIES": "1"}
    return kept | ours | (extra or {})


def from_somewhere() -> dict[str, str]:
    """Return the header by which a proxy says where a caller is: each elsewhere, with a limit of their own."""
    return {"X-Forwarded-For": f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"}


def command(home: Path, *arguments: str, extra: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run one command of the command line to its end."""
    call = [sys.executable, "-m", "linli.cli", *arguments]
    given = environment(home, extra)
    return subprocess.run(call, capture_output=True, text=True, env=given, timeout=600, check=False, cwd=ROOT)


def inside(home: Path, *arguments: str, extra: dict[str, str] | None = None) -> str:
    """Run one of ``inside.py``'s commands against the site's database; return what it prints."""
    call = [sys.executable, "-m", "tests.resilience.inside", *arguments]
    given = environment(home, extra)
    done = subprocess.run(call, capture_output=True, text=True, env=given, timeout=600, check=False, cwd=ROOT)
    if done.returncode:
        raise AssertionError(done.stderr)
    return done.stdout


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """One running installation on a data folder: a web server, workers, the database they keep alive."""

    home: Path
    extra: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def launch(self, name: str, *arguments: str, extra: dict[str, str] | None = None) -> None:
        """Start one process of the site under ``name``: ``linli`` with these arguments."""
        call = [sys.executable, "-m", "linli.cli", *arguments]
        self.processes[name] = subprocess.Popen(
            call, env=environment(self.home, self.extra | (extra or {})), text=True, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=(self.home / f"{name}.stderr").open("a"), cwd=ROOT,
        )  # fmt: skip

    def start(self, extra: dict[str, str] | None = None) -> None:
        """Start the web server and wait until its first page answers."""
        self.launch("web", "serve", "--port", str(self.port), extra=extra)
        self.wait_until_answering()

    def wait_until_answering(self) -> None:
        """Return once the first page answers. Raises ``AssertionError`` when it never does."""
        end = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < end:
            try:
                if httpx.get(self.address, timeout=10).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"the site did not answer within {STARTS_WITHIN:.0f} seconds")

    def start_worker(self, name: str = "worker", extra: dict[str, str] | None = None) -> None:
        """Start a worker; nobody waits for it."""
        self.launch(name, "worker", extra=extra)

    def kill(self, name: str = "web") -> None:
        """Kill a process with all its children, without a word of warning."""
        process = self.processes.pop(name, None)
        if process is not None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def kill_all(self) -> None:
        """Kill everything but the database, which is left to whoever asks next."""
        for name in list(self.processes):
            self.kill(name)

    def kill_database(self) -> None:
        """Kill the database server and its backends, without a word of warning."""
        (pid_file,) = self.home.glob("**/postmaster.pid")
        os.kill(int(pid_file.read_text(encoding="ascii").split()[0]), signal.SIGKILL)
