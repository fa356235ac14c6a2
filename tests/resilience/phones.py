"""Grid workers who come back into the network at once, each with a day's items: nothing lost, nothing doubled.

``python -m tests.resilience.phones`` lets 1,200 workers send 40 items with a photo of 30 KB each to a site in processes
of its own, counts what arrived, and prints the throughput; working the photos off is timed apart. Some answers get
lost on the way, so an item comes again; some phones send an item twice at the same moment.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from tests.resilience.load import COMMUNITY
from tests.resilience.site import Site, command, environment

ROOT = Path(__file__).resolve().parents[2]
AGAIN, TWICE, TRIES = 0.1, 0.05, 8
TOKEN = "t" * 32


@dataclass(frozen=True)
class Phone:
    """One worker's phone: the post it works for, and its session."""

    post: str
    session: str


@dataclass
class Sent:
    """What became of everything that was sent."""

    items: int = 0
    photos: set[str] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)
    numbers: dict[str, set[str]] = field(default_factory=dict)
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)

    @property
    def throughput(self) -> float:
        """Items taken in for each second."""
        return self.items / self.seconds if self.seconds else 0.0


def people(count: int) -> list[Phone]:
    """Make ``count`` grid workers with accounts and sessions, in a process where Django is ready."""
    from django.test import Client

    from tests.support.lively import account
    from tests.support.world import World

    world = World()
    found = []
    for number in range(count):
        actor = world.actor("grid_worker", who=str(number))
        client = Client()
        client.force_login(account(actor), backend="django.contrib.auth.backends.ModelBackend")
        found.append(Phone(str(actor.post_id), client.cookies["sessionid"].value))
    return found


def picture() -> bytes:
    """Return a photo of about 30 KB."""
    chance = random.Random(1)
    image = Image.frombytes("RGB", (160, 120), chance.randbytes(160 * 120 * 3)).resize((640, 480))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=72)
    return out.getvalue()


def marked(photo: bytes, mark: str) -> bytes:
    """Return the photo with a comment of its own, so that no two are the same file."""
    words = mark.encode("ascii")
    return photo[:2] + b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words + photo[2:]


def sync(address: str, phones: Sequence[Phone], items: int, *, at_once: int = 16, seed: int = 1) -> Sent:
    """Let every phone send its items, one after another, ``at_once`` phones at a time; return what became of them.

    Raises ``AssertionError`` for an item that the server refused, or did not take in within eight tries.
    """
    sent, lock, photo = Sent(), threading.Lock(), picture()
    began = time.perf_counter()

    def live(number: int, phone: Phone) -> None:
        chance = random.Random(seed * 100_000 + number)
        cookies = {"sessionid": phone.session, "csrftoken": TOKEN}
        with httpx.Client(base_url=address, cookies=cookies, timeout=120, headers={"X-CSRFToken": TOKEN}) as browser:
            for item in _day(phone, items, chance, photo):
                _deliver(browser, item, chance, sent, lock)

    with ThreadPoolExecutor(at_once) as pool:
        for done in [pool.submit(live, *pair) for pair in enumerate(phones)]:
            done.result()
    sent.seconds = time.perf_counter() - began
    return sent


@dataclass(frozen=True)
class Item:
    """One item as a phone sends it."""

    key: str
    data: dict[str, str]
    photo_id: str
    photo: bytes


def _day(phone: Phone, items: int, chance: random.Random, photo: bytes) -> Iterator[Item]:
    from linli.kernel import clock, ids

    for _number in range(items):
        key, photo_id = str(ids.uuid7()), str(ids.uuid7())
        filing = "report" if chance.random() < 0.7 else "settle"
        envelope = {"key": key, "post": phone.post, "made_at": clock.now().isoformat(), "filing": filing}
        about = {"id": photo_id, "field": "photos", "captured_at": clock.now().isoformat()}
        data = {"_item": json.dumps(envelope), "_photos": json.dumps([about]), "category": "E0507", "area": COMMUNITY}
        yield Item(key, data, photo_id, marked(photo, photo_id))


def _deliver(browser: httpx.Client, item: Item, chance: random.Random, sent: Sent, lock: threading.Lock) -> None:
    """Send an item until it was taken in; sometimes once more, sometimes twice at the same moment."""
    answers = []
    if chance.random() < TWICE:
        with ThreadPoolExecutor(2) as pair:
            answers = [one.result() for one in [pair.submit(_send, browser, item) for _ in range(2)]]
    else:
        answers = [_send(browser, item)]
    if chance.random() < AGAIN:
        answers.append(_send(browser, item))
    with lock:
        sent.items += 1
        sent.photos.add(hashlib.sha256(item.photo).hexdigest())
        for state, number, wait in answers:
            sent.answers[state] += 1
            sent.numbers.setdefault(item.key, set()).add(number)
            sent.waits.append(wait)


def _send(browser: httpx.Client, item: Item) -> tuple[str, str, float]:
    for _attempt in range(TRIES):
        began = time.perf_counter()
        files = {f"photo-{item.photo_id}": ("photo.jpg", item.photo, "image/jpeg")}
        try:
            answer = browser.post("/field/sync/", data=item.data, files=files)
        except httpx.HTTPError:
            time.sleep(0.5)
            continue
        if answer.status_code in {429, 500, 502, 503}:
            time.sleep(0.5)
            continue
        said = answer.json()
        assert answer.status_code == 200, said
        return said["state"], said["number"], time.perf_counter() - began
    raise AssertionError(f"{item.key} was not taken in within {TRIES} tries")


def judge(sent: Sent, kept: dict[str, Any]) -> None:
    """Raise ``AssertionError`` when something was lost, doubled or damaged."""
    assert all(len(numbers) == 1 for numbers in sent.numbers.values()), "an item got two numbers"
    assert kept["matters"] == sent.items, f"{sent.items} items became {kept['matters']} matters"
    assert set(kept["photos"]) == sent.photos, "the photos are not those that were sent"
    assert kept["attached"] == sent.items, f"{kept['attached']} photos are attached"
    assert sent.answers["accepted"] == sent.items, f"accepted {sent.answers['accepted']} times"


def there() -> dict[str, Any]:
    """Return what the site has, in a process where Django is ready."""
    from linli.kernel.evidence.models import Attachment
    from linli.kernel.matters.models import Matter

    rows = list(Attachment.objects.values_list("sha256", "subject_id"))
    return {
        "matters": Matter.objects.filter(kind__in=["case", "spot"]).count(),
        "photos": [bytes(digest).hex() for digest, _subject in rows if digest],
        "attached": sum(subject is not None for _digest, subject in rows),
    }


# -- the full run, by command -------------------------------------------------------------------------------------


def main() -> None:
    """Run it at full size and print what it took."""
    asked = argparse.ArgumentParser(prog="python -m tests.resilience.phones")
    asked.add_argument("--workers", type=int, default=1200)
    asked.add_argument("--items", type=int, default=40)
    asked.add_argument("--at-once", type=int, default=16)
    asked.add_argument("--drain", type=float, default=600, help="seconds of working photos off; the rest is left")
    asked.add_argument("--step", choices=("people", "there", "photos"), help=argparse.SUPPRESS)
    asked.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.step:
        _step(options.step, options.workers, options.out, options.drain)
        return
    with tempfile.TemporaryDirectory(prefix="linli-phones-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        for words in (("init", "532503"), ("database", "start")):
            done = command(home, *words)
            assert done.returncode == 0, done.stderr
        site = Site(home)
        try:
            phones = [Phone(**row) for row in _child(home, "people", options.workers)]
            site.start()
            sent = sync(site.address, phones, options.items, at_once=options.at_once)
            judge(sent, _child(home, "there", options.workers))
            began = time.perf_counter()
            photos = _child(home, "photos", options.workers, options.drain)
            _tell(sent, int(photos), time.perf_counter() - began)
        finally:
            site.kill()
            command(home, "database", "stop")


def _tell(sent: Sent, photos: int, draining: float) -> None:
    waits = sorted(sent.waits)
    half, most = waits[len(waits) // 2] * 1000, waits[len(waits) * 95 // 100] * 1000
    say = sys.stdout.write
    say(f"{sent.items:,} items with {len(sent.photos):,} photos taken in once each in {sent.seconds:,.0f} s\n")
    say(f"{sent.throughput:,.1f} a second; half within {half:,.0f} ms, 95 of 100 within {most:,.0f} ms\n")
    say(f"answers: {dict(sent.answers)}\n")
    say(f"{photos:,} photos worked off in {draining:,.0f} s by one worker: ")
    say(f"{photos / max(draining, 0.001):,.1f} a second\n")


def _child(home: Path, step: str, workers: int, drain: float = 0) -> Any:
    out = home / f"{step}.json"
    call = [
        sys.executable,
        "-m",
        "tests.resilience.phones",
        "--step",
        step,
        "--workers",
        str(workers),
        "--drain",
        str(drain),
        "--out",
        str(out),
    ]
    subprocess.run(call, env=environment(home), cwd=ROOT, check=True)
    return json.loads(out.read_text(encoding="utf-8"))


def _step(step: str, workers: int, out: Path, drain: float) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "linli.config.settings"
    from linli.cli import ground

    with ground.database():
        ground.django("owner")
        if step == "people":
            found: Any = [asdict(phone) for phone in people(workers)]
        elif step == "there":
            found = there()
        else:
            from linli.kernel import evidence

            found, end = 0, time.monotonic() + drain
            while time.monotonic() < end and (done := evidence.process_pending(100)):
                found += done
        out.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
