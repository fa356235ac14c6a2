"""The simulator: stories told in the order of time, each step performed by whoever was on duty then.

A *story* is a generator: it does something, then yields the moment at which it goes on. The simulator keeps
the next moment of every story in a heap, moves the kernel's clock there, and rings the clocks of matters
whose time came before, as the worker would. Nothing here writes a stage, a clock or a trail row.
"""

from __future__ import annotations

import contextlib
import heapq
import io
import itertools
import random
from collections.abc import Callable, Generator, Mapping
from datetime import datetime, timedelta
from typing import Any

from linli.kernel import clock, outreach
from linli.kernel.errors import UserError
from linli.kernel.matters import Process, perform, sweeping
from linli.kernel.matters.engine import Outcome
from linli.kernel.matters.models import ClockRun, Matter
from linli.kernel.posts.actors import Actor

Story = Generator[datetime, None, None]


class Simulator:
    """Lives stories until a moment, the present, in which some of them are still under way."""

    def __init__(self, travel: clock.Travel, until: datetime, seed: int) -> None:
        self.travel, self.until = travel, until
        self.chance = random.Random(seed)
        self._heap: list[tuple[datetime, int, Story]] = []
        self._order = itertools.count()
        self._daily: list[Callable[[], object]] = []
        self._day = clock.local(travel.moment).date()

    def every_day(self, work: Callable[[], object]) -> None:
        """Do ``work`` at the end of each day in which something happened."""
        self._daily.append(work)

    def add(self, begins: datetime, story: Story) -> None:
        """Let ``story`` begin at ``begins``; what would lie in the future is not lived."""
        heapq.heappush(self._heap, (begins, next(self._order), story))

    def live(self, tell: Callable[[int, int], None]) -> None:
        """Live every story up to the present; ``tell`` hears how many have ended of how many."""
        total, ended = len(self._heap), 0
        while self._heap:
            at, _, story = heapq.heappop(self._heap)
            if at > self.until:
                ended += 1
                continue
            self._go_to(at)
            following = next(story, None)
            if following is None:
                ended += 1
                tell(ended, total)
            else:
                heapq.heappush(self._heap, (max(following, self.travel.moment), next(self._order), story))
        self._go_to(self.until)
        self._end_day()
        tell(total, total)

    def _go_to(self, moment: datetime) -> None:
        """Ring, each at its time, the clocks that run out before ``moment``; then stand at it."""
        while (due := self._next_alarm(moment)) is not None:
            self._move(due)
            sweeping.sweep()
        self._move(moment)

    def _move(self, moment: datetime) -> None:
        day = clock.local(moment).date()
        if day > self._day:
            evening = clock.at(self._day, 23, 50)
            if evening > self.travel.moment:
                self.travel.to(evening)
            self._end_day()
            self._day = day
        if moment > self.travel.moment:
            self.travel.to(moment)

    def _end_day(self) -> None:
        for work in self._daily:
            work()

    @staticmethod
    def _next_alarm(until: datetime) -> datetime | None:
        running = ClockRun.objects.filter(state=ClockRun.State.RUNNING, next_at__lte=until)
        return running.order_by("next_at").values_list("next_at", flat=True).first()

    # -- what stories do -----------------------------------------------------------------------------------

    def begin(self, process: Process, action: str, actor: Actor, data: Mapping[str, Any]) -> Matter:
        """Begin a matter and return it."""
        return perform(process=process, action=action, actor=actor, data=data).matter

    def do(self, actor: Actor, matter: Matter, action: str, **data: Any) -> Outcome:
        """Move a matter on."""
        try:
            return perform(actor=actor, matter=matter, action=action, data=data)
        except UserError as error:
            error.add_note(f"{matter.kind} {matter.number}: {action} by {actor.label} at {clock.local()}: {error!r}")
            raise

    def after(self, **parts: float) -> datetime:
        """Return the moment ``timedelta(**parts)`` from now."""
        return self.travel.moment + timedelta(**parts)


def deliver() -> None:
    """Send what waits in the outbox; the console's lines are not for this terminal."""
    with contextlib.redirect_stdout(io.StringIO()):
        outreach.deliver_due()
