"""A SIGKILL at any moment loses no acknowledged report and does none twice."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.config import embedded
from tests.resilience.site import Resident, Site, command

pytestmark = [pytest.mark.xdist_group("resilience"), pytest.mark.interop]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A data folder with a district in it, and the default policy."""
    with tempfile.TemporaryDirectory(prefix="linli-killed-") as folder:
        made = Path(folder)
        made.chmod(0o755)
        done = command(made, "init", "532503")
        assert done.returncode == 0, done.stderr
        yield made
        embedded.forget(made)


def figures(home: Path) -> dict[str, int]:
    done = command(home, "stats", "cases", "--json")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def under_load(site: Site, seconds: float, fault: object, residents: int = 3) -> list[Resident]:
    """Let residents report for some seconds, with ``fault`` in the middle; each tries again what was not answered."""
    people = [Resident(site, f"r{number}") for number in range(residents)]
    end = time.monotonic() + seconds

    def live(person: Resident) -> None:
        number = 0
        while time.monotonic() < end:
            number += 1
            key = f"{fault}-{person.name}-{number}"
            for _attempt in range(40):
                if person.report("楼下垃圾没人收", key) or time.monotonic() > end + 30:
                    break
                time.sleep(0.3)

    threads = [threading.Thread(target=live, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    time.sleep(seconds / 2)
    if fault == "web":
        site.kill()
        site.start()
    elif fault == "database":
        site.kill_database()
    for thread in threads:
        thread.join()
    return people


@pytest.mark.parametrize("fault", ["web", "database"])
def test_a_kill_under_load_loses_no_acknowledged_report_and_does_none_twice(home: Path, fault: str) -> None:
    site = Site(home)
    try:
        site.start()
        before = figures(home)["total"]
        people = under_load(site, 6, fault)
    finally:
        site.kill()
    acknowledged = [number for person in people for number in person.acknowledged]
    keys = {key for person in people for key in person.sent}
    assert acknowledged, "somebody was answered"
    assert len(acknowledged) == len(set(acknowledged)), "each sending got a number of its own"
    kept = figures(home)["total"] - before
    assert len(acknowledged) <= kept <= len(keys), "nothing acknowledged is lost, nothing is there twice"
    checked = command(home, "doctor", "--verify", "--json")
    probes = {probe["name"]: probe["state"] for probe in json.loads(checked.stdout)["probes"]}
    assert probes["cases.figures"] == "ok", checked.stdout
