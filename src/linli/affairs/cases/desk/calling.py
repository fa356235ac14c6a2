"""When to call a reporter back: at hours nobody has tried yet, over several days (C57)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from linli.affairs.cases.models import Attempt
from linli.affairs.cases.policy import CallBack
from linli.kernel import clock, policy
from linli.kernel.matters.models import Matter
from linli.surfaces.parts import words


def next_call(matter: Matter, tries: Sequence[Attempt]) -> datetime | None:
    """Return when to call next: the first window of policy, from now on, in which nobody has tried this reporter.

    ``None`` when there were enough attempts (C57: at different hours over several days).
    """
    rules = policy.pinned(matter.pins, CallBack)
    missed = [t for t in tries if not t.reached]
    if len(missed) >= rules.attempts and len({clock.local(t.at).date() for t in missed}) >= rules.days:
        return None
    tried = {_window(t.at, rules) for t in missed}
    fresh = [n for n in range(len(rules.windows)) if n not in tried] or list(range(len(rules.windows)))
    now = clock.now()
    tried_today = any(clock.local(t.at).date() == clock.today() for t in missed)
    for ahead in range(1 if tried_today else 0, 8):
        day = clock.today() + timedelta(days=ahead)
        for number in fresh:
            window = rules.windows[number]
            start = clock.at(day, window.start.hour, window.start.minute)
            if clock.at(day, window.end.hour, window.end.minute) > now:
                return max(start, now)
    return None


def _window(at: datetime, rules: CallBack) -> int:
    moment = clock.local(at).time()
    inside = (n for n, w in enumerate(rules.windows) if w.start <= moment <= w.end)
    return next(inside, -1)


def next_call_words(matter: Matter, tries: Sequence[Attempt]) -> str:
    """Return when to call next in words: now, a moment, or that it may end unconfirmed."""
    at = next_call(matter, tries)
    if at is None:
        return _("已试满次数，可以办“未能回访，办结”")
    return _("现在就可以打") if at <= clock.now() else _("%(at)s以后") % {"at": words.moment(at)}
