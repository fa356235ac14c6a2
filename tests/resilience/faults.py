"""The faults: what is done to a site at work, and what must be true afterwards."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from linli.config import embedded
from tests.resilience.load import Crew, Gateway, under_load
from tests.resilience.site import ROOT, Site, command, environment, inside, to_daytime

DEEP = (
    "matters.trails", "matters.seals", "ledger.whole", "tallies.figures", "cases.figures", "statistics.figures",
)  # fmt: skip
FAKETIME = [*Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), Path("/usr/local/lib/faketime/libfaketime.so.1")]


class NotHere(Exception):
    """This fault cannot be made on this machine; the text says why."""


@dataclass
class Result:
    """What a fault came to: what was acknowledged, what is in the books, what is wrong."""

    name: str
    struck: int = 0
    acknowledged: int = 0
    entries: int = 0
    unanswered: int = 0
    sent: int = 0
    repeated: int = 0
    back_after: float = 0.0
    wrong: list[str] = field(default_factory=list)
    skipped: str = ""

    @property
    def holds(self) -> bool:
        """Whether everything was there once and every book holds."""
        return not self.wrong and not self.skipped


@dataclass
class Ground:
    """A data folder with a district, an SMS gateway beside it, and how hard to strike."""

    home: Path
    gateway: Gateway
    strikes: int = 3
    random: random.Random = field(default_factory=lambda: random.Random(7))
    shift: int = field(default_factory=to_daytime)
    """Minutes from the wall clock to the site's, one for all its processes; it only grows."""

    @property
    def extra(self) -> dict[str, str]:
        """The settings of the site: its messages go to the gateway, and it is daytime."""
        return self.gateway.settings | {"LINLI_CLOCK": f"+{self.shift}m"}

    def site(self) -> Site:
        """Return a site on this folder, not started."""
        return Site(self.home, self.extra)

    def pause(self) -> None:
        """Let a random moment pass, so that no strike always hits the same instruction."""
        time.sleep(self.random.uniform(0.2, 1.2))


Strike = Callable[[Ground, Crew, Result], None]


def at_work(ground: Ground, name: str, strike: Strike, *, workers: int = 1) -> Result:
    """Run a site under load, strike, and examine the books."""
    result, site = Result(name), ground.site()
    try:
        site.start()
        for number in range(workers):
            site.start_worker(f"worker{number}")
        crew = under_load(site, name, lambda crew: strike(ground, crew, result))
        examine(ground, site, crew, result)
    except AssertionError as failure:
        result.wrong.append(str(failure))
    finally:
        site.kill_all()
    return result


def examine(ground: Ground, site: Site, crew: Crew, result: Result) -> None:
    """Deliver what waits, then hold what was acknowledged against what is in the books."""
    book = _delivered(ground, site)
    result.acknowledged, result.entries = len(crew.acknowledged), len(crew.entries)
    result.unanswered = sum(one.unanswered for one in crew.residents)
    told = Counter(crew.acknowledged)
    lost = sorted(set(crew.acknowledged) - set(book["cases"]))
    result.wrong += [f"report {number} was acknowledged and is not there" for number in lost]
    result.wrong += [f"report {number} was the answer to two sendings" for number, n in told.items() if n > 1]
    result.wrong += [
        f"entry {key} was acknowledged and is not there" for key in set(crew.entries) - set(book["entries"])
    ]
    result.wrong += _messages(ground, book, result)
    result.wrong += _probes(ground)


def kept_once(ground: Ground, crew: Crew, before: int) -> list[str]:
    """Return what is wrong with the number of cases: more than were sent would be one done twice."""
    kept = len(_book(ground)["cases"]) - before
    if len(crew.acknowledged) <= kept <= len(crew.keys):
        return []
    return [f"{len(crew.acknowledged)} acknowledged, {len(crew.keys)} sent, {kept} kept"]


def _book(ground: Ground) -> dict[str, object]:
    return dict(json.loads(inside(ground.home, "book", extra=ground.extra)))


def _delivered(ground: Ground, site: Site) -> dict[str, object]:
    """Return the books once no message waits any more; leases of the dead run out by the kernel's clock."""
    site.kill_all()
    ground.shift += 3
    # Another port and a later clock; the claim of a killed worker on a periodic function runs out in real time.
    again = ground.site()
    again.start_worker()
    try:
        left, end = -1, 0.0
        while True:
            book = _book(ground)
            waiting = list(dict(book["messages"]).values()).count("waiting")  # type: ignore[call-overload] # JSON: a pair list
            # A long fault leaves thousands: given up are those that nobody sends any more.
            if waiting != left:
                left, end = waiting, time.monotonic() + 180
            if not waiting or time.monotonic() > end:
                return book
            time.sleep(1)
    finally:
        again.kill_all()


def _messages(ground: Ground, book: dict[str, object], result: Result) -> list[str]:
    """Return what is wrong with the messages: each is delivered at least once, and repeats carry the same id."""
    messages = dict(book["messages"])  # type: ignore[call-overload] # JSON: a pair list
    taken = Counter(ground.gateway.taken)
    result.sent = sum(state == "sent" for state in messages.values())
    result.repeated = sum(n - 1 for n in taken.values())
    wrong = [f"message {pk} waits for ever" for pk, state in messages.items() if state == "waiting"]
    wrong += [
        f"message {pk} counts as sent and was not taken"
        for pk, s in messages.items()
        if s == "sent" and pk not in taken
    ]
    return wrong + [f"a message of unknown id {one}" for one in taken if one not in messages]


def _probes(ground: Ground) -> list[str]:
    done = command(ground.home, "doctor", "--verify", "--json", extra=ground.extra)
    if not done.stdout:
        return [f"doctor failed: {done.stderr[-300:]}"]
    found = {probe["name"]: probe for probe in json.loads(done.stdout)["probes"]}
    wrong = [f"doctor has no probe {name}" for name in DEEP if name not in found]
    for name in DEEP:
        wrong += [f"{name}: {one['text']}" for one in found.get(name, {}).get("findings", []) if one["state"] == "bad"]
    return wrong


# -- the faults -------------------------------------------------------------------------------------------


def _timed(result: Result, crew: Crew, act: Callable[[], object]) -> None:
    """Do ``act`` and note how long it took until somebody was answered again."""
    before, began = len(crew.acknowledged), time.monotonic()
    act()
    result.struck += 1
    while len(crew.acknowledged) == before and time.monotonic() - began < 240:
        time.sleep(0.02)
    result.back_after = max(result.back_after, time.monotonic() - began)


def web_killed(ground: Ground, crew: Crew, result: Result) -> None:
    """SIGKILL of the web server and all its processes; started again at once."""
    for _n in range(ground.strikes):
        ground.pause()
        crew.site.kill("web")
        _timed(result, crew, crew.site.start)


def database_killed(ground: Ground, crew: Crew, result: Result) -> None:
    """SIGKILL of PostgreSQL and its backends; the site starts it again by itself."""
    for _n in range(ground.strikes):
        ground.pause()
        _timed(result, crew, crew.site.kill_database)


def worker_killed(ground: Ground, crew: Crew, result: Result) -> None:
    """SIGKILL of the worker in the middle of sending, folding and sealing; started again at once."""
    for _n in range(ground.strikes):
        ground.pause()
        crew.site.kill("worker0")
        _timed(result, crew, lambda: crew.site.start_worker("worker0"))


def everything_killed(ground: Ground, crew: Crew, result: Result) -> None:
    """Web, worker and database, each once while the others work."""
    for strike in (database_killed, worker_killed, web_killed):
        strike(ground, crew, result)


def connections_lost(ground: Ground, crew: Crew, result: Result) -> None:
    """Clients that hang up in the middle of a request, and database connections cut from the web processes."""
    for _n in range(ground.strikes):
        for one in crew.residents:
            one.hang_up()
        ground.pause()
        _timed(result, crew, lambda: inside(ground.home, "cut", extra=ground.extra))


def worker_dies_unrecorded(ground: Ground, crew: Crew, result: Result) -> None:
    """The worker is killed when the gateway has the message and the worker has not heard so: sent again, same id."""
    site, left = crew.site, [ground.strikes]
    before = len(ground.gateway.taken)

    def die(_message: str) -> None:
        if left[0]:
            left[0] -= 1
            result.struck += 1
            site.kill("worker0")

    ground.gateway.on_message = die
    end = time.monotonic() + 240
    try:
        while left[0] and time.monotonic() < end:
            if "worker0" not in site.processes:
                site.start_worker("worker0")
            time.sleep(0.5)
    finally:
        ground.gateway.on_message = lambda _id: None
    if len(ground.gateway.taken) == before:
        result.wrong.append("the gateway got no message at all")
    if "worker0" not in site.processes:
        site.start_worker("worker0")


def clocks_jump(ground: Ground, crew: Crew, result: Result) -> None:
    """The operating system's clock jumps under the running processes: a day on, back, an hour back (libfaketime)."""
    file = ground.home / "faketime"
    library = next((path for path in FAKETIME if path.exists()), None)
    if library is None:
        raise NotHere("libfaketime is not installed: apt-get install faketime")
    file.write_text("+0")
    file.chmod(0o644)
    faked = {
        "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    for name in ("web", "worker0"):
        crew.site.kill(name)
    crew.site.start(extra=faked)
    crew.site.start_worker("worker0", extra=faked)
    for jump in ("+1d", "+0", "-1h", "+0"):
        ground.pause()
        _timed(result, crew, lambda jump=jump: file.write_text(jump))  # type: ignore[misc] # the loop binds it


def disk_full(ground: Ground, crew: Crew, result: Result) -> None:
    """The disk is filled to the last byte and emptied again; what cannot be kept must not be acknowledged."""
    filler = ground.home / "filler"
    for _n in range(ground.strikes):
        ground.pause()
        fill = ["dd", "if=/dev/zero", f"of={filler}", "bs=64k"]
        subprocess.run(fill, capture_output=True, check=False)
        result.struck += 1
        time.sleep(ground.random.uniform(2, 4))
        _timed(result, crew, filler.unlink)


# -- faults with a ground of their own ------------------------------------------------------------------------


def migration_interrupted(ground: Ground, home: Path) -> Result:
    """``linli migrate`` is killed again and again on an empty database, then run to its end."""
    result = Result("migration interrupted")
    began = time.monotonic()
    for n in range(ground.strikes):
        call = [sys.executable, "-m", "linli.cli", "migrate"]
        process = subprocess.Popen(
            call, env=environment(home), start_new_session=True, cwd=ROOT, stderr=subprocess.DEVNULL
        )
        time.sleep(2.5 + 2 * n + ground.random.uniform(0, 1.5))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            result.struck += 1
        process.wait()
    done = command(home, "init", "532503")
    if done.returncode:
        result.wrong.append(f"init after it failed: {done.stderr[-300:]}")
    result.back_after = time.monotonic() - began
    fresh = Ground(home, ground.gateway)
    result.wrong += _probes(fresh)
    checked = json.loads(command(home, "doctor", "--json").stdout or '{"probes": []}')
    states = {probe["name"]: probe["state"] for probe in checked["probes"]}
    if states.get("storage.migrations") != "ok":
        result.wrong.append("not every migration was applied")
    return result


def books_tampered(ground: Ground, crew: Crew, result: Result) -> None:
    """After work, somebody with every right changes the books: a spoiled row, a spoiled payload, a removed tail whose
    matter was put back, a removed matter; ``linli doctor --verify`` names the matter each time."""
    ground.pause()
    _timed(result, crew, lambda: None)
    found = json.loads(inside(ground.home, "tamper", extra=ground.extra))
    result.struck = len(found)
    result.wrong += [f"nobody noticed {what}" for what, texts in found.items() if not texts]


def small_disk(folder: Path, megabytes: int = 900) -> None:
    """Mount a small disk in memory at ``folder``. Raises :class:`NotHere` where that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0 or shutil.which("mount") is None:
        raise NotHere("a disk of limited size is mounted by root only")
    call = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotHere(f"mount refused: {done.stderr.strip()}")


def unmount(folder: Path) -> None:
    """Take the small disk away again."""
    embedded.forget(folder)
    call = ["umount", "-l", str(folder)]
    subprocess.run(call, capture_output=True, check=False)
