"""``LINLI_CLOCK``: what it may say, and that processes which share a beginning agree on the time."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from linli.kernel import clock

ASK = "import time; from linli.kernel import clock; b=time.time(); n=clock.now(); print(b, time.time(), n.isoformat())"
ANCHOR, ORIGIN = 1772000000.0, datetime(2026, 2, 28, 22, 0, tzinfo=UTC)
"""Six in the morning of the first of March in China."""


def asked(setting: str) -> tuple[float, float, datetime]:
    """Return what a new process takes for now, between two readings of the machine's clock."""
    given = os.environ | {"LINLI_CLOCK": setting}
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, env=given, check=True)
    before, after, told = done.stdout.split()
    return float(before), float(after), datetime.fromisoformat(told)


def test_processes_that_start_one_after_another_share_one_time() -> None:
    for _n in range(2):
        before, after, told = asked(f"x60@2026-03-01T06:00@{ANCHOR:.0f}")
        earliest, latest = (ORIGIN + timedelta(seconds=(real - ANCHOR) * 60) for real in (before, after))
        assert earliest - timedelta(milliseconds=1) <= told <= latest + timedelta(milliseconds=1)


def test_without_a_shared_beginning_each_process_begins_anew() -> None:
    before, after, told = asked("x60@2026-03-01T06:00")
    assert ORIGIN <= told <= ORIGIN + timedelta(seconds=60 * (after - before + 60)), "it began when the process did"


@pytest.mark.parametrize(
    ("setting", "seconds"), [("", 0), ("+3d", 259_200), ("-2h", -7200), ("+30m", 1800), (" +10s ", 10), ("+0.5h", 1800)]
)
def test_a_shifted_clock_is_as_far_off_as_it_says(setting: str, seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_CLOCK", setting)
    still = datetime(2026, 3, 11, 2, tzinfo=UTC)
    monkeypatch.setattr(clock, "_real", lambda: still)
    assert clock._from_environment()() == still + timedelta(seconds=seconds)


def test_an_accelerated_clock_runs_as_fast_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [datetime.fromtimestamp(ANCHOR, UTC)]
    monkeypatch.setattr(clock, "_real", lambda: now[0])
    monkeypatch.setenv("LINLI_CLOCK", f"x60@2026-03-01T06:00@{ANCHOR:.0f}")
    source = clock._from_environment()
    assert source() == ORIGIN
    for real in (1, 60, 1440):
        now[0] = datetime.fromtimestamp(ANCHOR + real, UTC)
        assert source() == ORIGIN + timedelta(seconds=60 * real)
    assert clock.local(source()).isoformat() == "2026-03-02T06:00:00+08:00", "24 minutes are a day"


NONSENSE = ("3", "+3", "+3w", "+d", "x", "xfast", "x0", "x-1", "xnan", "x60@friday", "x60@@noon")


@pytest.mark.parametrize("setting", NONSENSE)
def test_what_no_clock_can_follow_stops_the_start_and_says_what_to_write(
    setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_CLOCK", setting)
    with pytest.raises(clock.BadClock, match="x60@2026-03-01"):
        clock._from_environment()


def test_a_command_says_it_in_one_line() -> None:
    call = [sys.executable, "-m", "linli.cli", "check"]
    done = subprocess.run(call, capture_output=True, text=True, env=os.environ | {"LINLI_CLOCK": "soon"}, check=False)
    assert done.returncode != 0
    assert "LINLI_CLOCK='soon'" in done.stderr
    assert "Traceback" not in done.stderr
