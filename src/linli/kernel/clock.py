"""The only source of time: real, shifted, accelerated, or driven by a simulator.

Nothing else in Linli may ask the operating system for the time (ruff bans it), so a simulator can live
a year in a minute, a test can jump to a holiday, and ids, trails and deadlines all agree.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time as _time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")

Source = Callable[[], datetime]


def _real() -> datetime:
    return datetime.fromtimestamp(_time.time(), tz=UTC)  # noqa: TID251 - this is the one place


class BadClock(ValueError):
    """``LINLI_CLOCK`` says nothing that a clock could follow; the text says what it may say."""

    def __init__(self, setting: str) -> None:
        self.message = (
            f"LINLI_CLOCK={setting!r} 看不懂：写 +3d、-2h、+30m、+10s（移动），x60（加快），"
            "x60@2026-03-01（从某天起加快），或 x60@2026-03-01T06:00@1772000000（并说明何时起算）"
        )
        super().__init__(self.message)


def _from_environment() -> Source:
    """Return the source that ``LINLI_CLOCK`` asks for. Raises :class:`BadClock` for what it cannot read."""
    setting = os.environ.get("LINLI_CLOCK", "").strip()
    try:
        return _source(setting)
    except (ValueError, KeyError, OverflowError) as error:
        raise BadClock(setting) from error


def _source(setting: str) -> Source:
    """Read ``LINLI_CLOCK``: empty, ``+3d``/``-2h`` (shifted), or ``x60`` / ``x60@2026-03-01`` (accelerated).

    ``x60@2026-03-01T06:00@1772000000`` says besides at which moment (seconds since 1970) it was that time: processes
    that start one after another, or again after a kill, then agree on what time it is.
    """
    if not setting:
        return _real
    if setting.startswith("x"):
        factor, _, rest = setting[1:].partition("@")
        origin, _, anchor = rest.partition("@")
        began = datetime.fromtimestamp(float(anchor), tz=UTC) if anchor else _real()
        start = datetime.fromisoformat(origin).replace(tzinfo=CHINA) if origin else began
        speed = float(factor)
        if not 0 < speed < float("inf"):
            raise ValueError(speed)
        return lambda: (start + (_real() - began) * speed).astimezone(UTC)
    units = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
    shift = timedelta(**{units[setting[-1]]: float(setting[:-1])})
    return lambda: _real() + shift


_process_source: Source = _from_environment()
_local = threading.local()


def now() -> datetime:
    """Return this moment as an aware UTC datetime, from whichever source is in force in this thread."""
    source: Source = getattr(_local, "source", None) or _process_source
    return source()


def local(moment: datetime | None = None) -> datetime:
    """Return ``moment`` (or now) on the wall clock of China."""
    return (moment or now()).astimezone(CHINA)


def today() -> date:
    """Return today's date in China."""
    return local().date()


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return the moment at which China's wall clock shows ``day`` ``hour:minute``."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA).astimezone(UTC)


class Travel:
    """A clock that stands still until it is told to move; what a simulator or a test holds in its hand."""

    def __init__(self, start: datetime) -> None:
        self.moment = start.astimezone(UTC)

    def __call__(self) -> datetime:
        # A microsecond for each reading keeps ids and trail entries of one instant in order.
        self.moment += timedelta(microseconds=1)
        return self.moment

    def to(self, moment: datetime) -> None:
        """Move to ``moment``. Raises ``ValueError`` when that would go back in time."""
        if moment.astimezone(UTC) < self.moment:
            raise ValueError(f"the clock cannot go back from {self.moment} to {moment}")
        self.moment = moment.astimezone(UTC)

    def forward(self, **parts: float) -> None:
        """Move on by ``timedelta(**parts)``."""
        self.moment += timedelta(**parts)


@contextlib.contextmanager
def using(start: datetime) -> Iterator[Travel]:
    """Give this thread a clock of its own that begins at ``start``, until the block ends."""
    before: Source | None = getattr(_local, "source", None)
    travel = Travel(start)
    _local.source = travel
    try:
        yield travel
    finally:
        _local.source = before
