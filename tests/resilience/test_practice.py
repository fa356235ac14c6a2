"""The practice ground as an office starts it: beside a real site whose database and gateway it must never touch."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from linli.config import embedded
from tests.resilience.load import Gateway, Resident
from tests.resilience.site import ROOT, Site, daytime, environment, inside

pytestmark = [pytest.mark.xdist_group("resilience"), pytest.mark.interop]

BANNER = "练习库：这里的内容都是练习"
BUILT_WITHIN = 540.0


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """The real site's SMS gateway, which must hear nothing."""
    found = Gateway()
    yield found
    found.close()


@pytest.fixture
def home() -> Iterator[Path]:
    """A fresh data folder, in which no site was ever set up."""
    with tempfile.TemporaryDirectory(prefix="linli-practice-") as folder:
        made = Path(folder)
        made.chmod(0o755)
        yield made
        embedded.forget(made / "practice")


def started(home: Path, gateway: Gateway) -> tuple[Site, subprocess.Popen[str]]:
    """Start ``linli practice`` with the settings of a real site around it; return once it says that it is ready."""
    site = Site(home)
    # At night residents get no message: what is tested is that none leaves although all are dealt with.
    real = gateway.settings | {
        "LINLI_CLOCK": daytime(),
        "DATABASE_URL": "postgres://real@203.0.113.1/real",
        "LINLI_SECRET_FIELDS": "real",
    }
    call = [sys.executable, "-m", "linli.cli", "practice", "--port", str(site.port)]
    said = (home / "said").open("w+")
    process = subprocess.Popen(call, env=environment(home) | real, cwd=ROOT, stdout=said, stderr=said, text=True)
    end = time.monotonic() + BUILT_WITHIN
    while f"ready {site.address}" not in (home / "said").read_text():
        assert process.poll() is None, (home / "said").read_text()[-800:]
        assert time.monotonic() < end, (home / "said").read_text()[-800:]
        time.sleep(0.2)
    return site, process


def signed_in(site: Site, name: str) -> httpx.Client:
    browser = httpx.Client(base_url=site.address, headers={"Referer": site.address}, follow_redirects=True, timeout=60)
    browser.get("/accounts/login/")
    token = {"csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    answer = browser.post("/accounts/login/", data={"login": name, "password": "linli-demo", **token})
    assert answer.url.path == "/desk/", answer.text[:500]
    return browser


def send(browser: httpx.Client, path: str) -> httpx.Response:
    return browser.post(path, data={"csrfmiddlewaretoken": browser.cookies["csrftoken"]})


def test_a_practice_ground_starts_from_nothing_leads_through_exercises_and_sends_nothing(
    home: Path, gateway: Gateway
) -> None:
    site, process = started(home, gateway)
    try:
        said = (home / "said").read_text()
        assert "练习账号" in said
        assert "community_secretary" in said
        for path in ("/", "/report/place/", "/accounts/login/"):
            assert BANNER in httpx.get(site.address + path, timeout=60).text, path
        browser = signed_in(site, "community_secretary")
        page = browser.get("/desk/practice/").text
        assert BANNER in page
        assert "核实并立案" in page
        assert send(browser, "/desk/practice/file/begin/").status_code == 200
        assert "做到了" not in browser.get("/desk/practice/file/").text
        assert send(browser, "/desk/practice/file/go/0/").url.path == "/desk/"
        assert browser.get("/desk/practice/file/").text.count("做到了") == 1, "it sees for itself what was done"
        browser.close()
        number = Resident(site, "r", "13887300001").report("楼下垃圾没人收", "practice-1")
        assert number is not None
        assert re.fullmatch(r"C-\d+-\d+", number)
        _all_told(home / "practice")
        assert gateway.taken == [], "no message leaves"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
    assert not embedded.is_running(home / "practice")
    assert not (home / "postgres").exists(), "the real site's folder got no database"
    assert sorted(p.name for p in home.iterdir() if p.name != "said") == ["practice"]
    assert list((home / "practice" / "secrets").iterdir()), "its keys are its own"


def _all_told(folder: Path) -> None:
    """Wait until the worker has dealt with every message."""
    end = time.monotonic() + 120
    while '"waiting"' in (told := inside(folder, "book")):
        assert time.monotonic() < end, told[-300:]
        time.sleep(1)
    assert '"sent"' in told or '"dropped"' in told
