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
from linli.kernel.matters import Outcome, Process, perform, sweeping
from linli.kernel.matters.models import ClockRun, Matter
from linli.kernel.outreach.models import Outbox, State
from linli.kernel.posts.actors import Actor

MORNING = (8, 5)
QUIET_DAYS = 10
Story = Generator[datetime, None, None]


class Simulator:
    """Lives stories until a moment, the present. ``left`` counts those that it cut off."""

    def __init__(self, travel: clock.Travel, until: datetime, seed: int) -> None:
        self.travel, self.until = travel, until
        self.seed = seed
        self.chance = random.Random(seed)
        self._heap: list[tuple[datetime, int, Story]] = []
        self._order = itertools.count()
        self.left = 0
        self._daily: list[Callable[[], object]] = []
        self._morning = clock.at(clock.local(travel.moment).date(), *MORNING)

    def every_morning(self, work: Callable[[], object]) -> None:
        """Do ``work`` every morning, when the quiet hours are over."""
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
                self.left += 1
                continue
            self._go_to(at)
            following = next(story, None)
            if following is None:
                ended += 1
                tell(ended, total)
            else:
                heapq.heappush(self._heap, (max(following, self.travel.moment), next(self._order), story))
        self._go_to(self.until)
        for work in self._daily:
            work()
        tell(total, total)

    def _go_to(self, moment: datetime) -> None:
        """Ring, each at its time, the clocks that run out before ``moment``; then stand at it."""
        while (due := self._next_alarm(moment)) is not None:
            self._move(due)
            sweeping.sweep()
        self._move(moment)

    def _move(self, moment: datetime) -> None:
        """Stand at ``moment``, having done on the way what is done every morning.

        Of a long stretch in which nothing happens only the first and the last mornings are lived.
        """
        idle = (moment - self._morning).days
        if idle > 2 * QUIET_DAYS:
            self._mornings(self._morning + timedelta(days=QUIET_DAYS))
            self._morning += timedelta(days=idle - 2 * QUIET_DAYS)
        self._mornings(moment)
        self.travel.to(max(moment, self.travel.moment))

    def _mornings(self, moment: datetime) -> None:
        """Do what is done every morning, up to ``moment``."""
        while self._morning <= moment:
            self.travel.to(max(self._morning, self.travel.moment))
            for work in self._daily:
                work()
            self._morning += timedelta(days=1)

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
    """Send what is due in the outbox, if anything is; the console's lines are not for this terminal."""
    if not Outbox.objects.filter(state=State.WAITING, next_at__lte=clock.now()).exists():
        return
    with contextlib.redirect_stdout(io.StringIO()):
        outreach.deliver_due()
