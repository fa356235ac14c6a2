"""What may be wrong with an installation, and how to mend it: a registry of probes for ``linli doctor``.

A room adds its own with a ``probes.py``::

    @probe("outreach.backlog", _("待发消息"))
    def backlog() -> Iterator[Finding]:
        if waiting() > 1000:
            yield warn(_("积压 %(n)d 条") % {"n": waiting()}, mend=_("检查短信网关"))

A probe that yields nothing has found nothing. ``deep=True`` is for those that read every row (``--verify``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _


class State(StrEnum):
    """How bad it is: ``warn`` can wait until tomorrow, ``bad`` cannot."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One thing found: how bad, what it is, and what to do about it."""

    state: State
    text: str
    mend: str = ""


@dataclass(frozen=True)
class Result:
    """What one probe came to."""

    name: str
    title: str
    findings: tuple[Finding, ...]

    @property
    def state(self) -> State:
        states = {finding.state for finding in self.findings}
        return next((s for s in (State.BAD, State.WARN) if s in states), State.OK)


Check = Callable[[], Iterable[Finding]]


@dataclass(frozen=True)
class Probe:
    """A named check."""

    name: str
    title: str | Promise
    check: Check
    deep: bool


_probes: dict[str, Probe] = {}


def probe(name: str, title: str | Promise, *, deep: bool = False) -> Callable[[Check], Check]:
    """Register the decorated check under ``name``, a dotted name that begins with its room's."""

    def register(check: Check) -> Check:
        _probes[name] = Probe(name, title, check, deep)
        return check

    return register


def ok(text: str) -> Finding:
    """Return a finding that says what was looked at and is in order."""
    return Finding(State.OK, text)


def warn(text: str, *, mend: str) -> Finding:
    """Return a finding that can wait until tomorrow."""
    return Finding(State.WARN, text, mend)


def bad(text: str, *, mend: str) -> Finding:
    """Return a finding that cannot wait."""
    return Finding(State.BAD, text, mend)


def examine(*, deep: bool = False) -> Iterator[Result]:
    """Run every probe, deep ones only if asked, and yield what each came to; one that breaks is a finding."""
    autodiscover_modules("probes")
    for one in _probes.values():
        if deep or not one.deep:
            yield Result(one.name, str(one.title), _run(one))


def _run(one: Probe) -> tuple[Finding, ...]:
    try:
        return tuple(one.check())
    except Exception as error:  # noqa: BLE001 - one broken probe must not hide what the others find
        text = _("检查未能完成：%(error)s") % {"error": " ".join(str(error).split())[:200]}
        return (bad(text, mend=_("加上 --debug 运行 linli doctor，查看原因")),)
