"""What a part is fed with: plain typed values that any surface makes and ``{% part … %}`` draws."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar, Literal

from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.surfaces.parts import words

Tone = Literal["plain", "qing", "rice", "whistle", "done"]
WARN_AT = 0.8


class Shape:
    """A part's options; ``template`` is drawn with ``it`` set to the shape. The smallest are drawn by ``chips``."""

    template: ClassVar[str]


class StepState(StrEnum):
    """Where a stage stands in its process."""

    DONE = "done"
    NOW = "now"
    TO_COME = "to_come"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Step:
    """One link of a process."""

    label: Any
    state: StepState = StepState.TO_COME
    at: datetime | None = None
    note: Any = ""


@dataclass(frozen=True)
class Ribbon(Shape):
    """The links of a process: done, now, to come, with dates."""

    template = "parts/ribbon.html"
    steps: Sequence[Step]
    label: Any = ""


@dataclass(frozen=True, kw_only=True)
class Clock(Shape):
    """A deadline: time left in words, a bar, paused with its reason, overdue, or stopped.

    ``left`` is working time left when the limit counts working time (the chip then does not tick);
    without it the wall clock counts. ``share`` is the part of the limit used up, 0 to 1.
    """

    due: datetime
    label: Any = ""
    started: datetime | None = None
    left: timedelta | None = None
    share: float | None = None
    paused: bool = False
    reason: Any = ""
    stopped_at: datetime | None = None
    compact: bool = False

    @cached_property
    def remaining(self) -> timedelta:
        """Return what is left, negative when overdue, as of now or of the stop."""
        if self.left is not None:
            return self.left
        return self.due - (self.stopped_at or clock.now())

    @cached_property
    def used(self) -> float:
        """Return the part of the limit used up, 0 to 1."""
        if self.share is not None:
            return min(max(self.share, 0.0), 1.0)
        if self.remaining < timedelta(0):
            return 1.0
        if self.started is None or self.due <= self.started:
            return 0.0
        return min(max(1 - self.remaining / (self.due - self.started), 0.0), 1.0)

    @property
    def percent(self) -> int:
        """Return :attr:`used` in whole per cent."""
        return round(self.used * 100)

    @cached_property
    def state(self) -> Literal["running", "warning", "overdue", "paused", "met", "missed"]:
        """Return the state that gives the chip its word, shape and colour."""
        if self.stopped_at is not None:
            return "missed" if self.remaining < timedelta(0) else "met"
        if self.paused:
            return "paused"
        if self.remaining < timedelta(0):
            return "overdue"
        return "warning" if self.used >= WARN_AT else "running"

    @property
    def words(self) -> str:
        """Return the state in words: 还剩 2 小时 10 分, 已超时 35 分钟, 已暂停, 按时办结."""
        if self.state == "paused":
            return _("已暂停")
        if self.state == "met":
            return _("按时完成")
        if self.state == "missed":
            return _("超时 %(span)s完成") % {"span": words.span(self.remaining)}
        return words.left(self.remaining)

    @property
    def ticks(self) -> bool:
        """Return whether the page may count on by itself: wall time, and running."""
        return self.left is None and self.state in {"running", "warning", "overdue"}


@dataclass(frozen=True, kw_only=True)
class Holder(Shape):
    """现由 建设局·张某（A岗）办理，11月24日（周二）17:00前签收."""

    template = "parts/holder.html"
    unit: Any
    person: str = ""
    role: Any = ""
    act: Any = ""
    due: datetime | None = None
    until: Any = ""
    phone: str = ""
    note: Any = ""

    @property
    def who(self) -> str:
        """Return unit, person and role in one phrase: 建设局·张某（A岗）."""
        name = f"{self.unit}·{self.person}" if self.person else str(self.unit)
        return _("%(name)s（%(role)s）") % {"name": name, "role": self.role} if self.role else name

    @property
    def doing(self) -> str:
        """Return what the holder is there to do, 办理 unless it was said."""
        return str(self.act or _("办理"))


@dataclass(frozen=True)
class Badge(Shape):
    """A state as a word, a shape and a colour; ``symbol`` names an icon when the tone's own will not do."""

    word: Any
    tone: Tone = "plain"
    symbol: str = ""

    @property
    def icon(self) -> str:
        """Return the icon whose outline tells the tone without colour."""
        own = {
            "plain": "circle",
            "qing": "play",
            "rice": "hourglass",
            "whistle": "triangle-alert",
            "done": "circle-check",
        }
        return self.symbol or own[self.tone]


@dataclass(frozen=True)
class Link(Shape):
    """A word that leads somewhere."""

    template = "parts/link.html"
    word: Any
    url: str
    note: Any = ""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One photo with when and where it was taken."""

    src: str
    alt: Any
    at: datetime | None = None
    place: Any = ""
    href: str = ""
    flag: Any = ""


@dataclass(frozen=True, kw_only=True)
class EvidencePair(Shape):
    """Before and after of one place, with the distance and the time between."""

    template = "parts/evidence.html"
    before: Picture | None = None
    after: Picture | None = None
    metres: float | None = None

    @property
    def apart(self) -> timedelta | None:
        """Return the time between the two photos, if both say when."""
        if self.before and self.after and self.before.at and self.after.at:
            return self.after.at - self.before.at
        return None


@dataclass(frozen=True, kw_only=True)
class TrailEntry:
    """One line of the trail: when, which post, what, and what was said."""

    at: datetime
    act: Any
    who: Any = ""
    text: Any = ""
    tone: Tone = "plain"
    marks: Sequence[Any] = ()
    facts: Sequence[tuple[Any, Any]] = ()
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True)
class Timeline(Shape):
    """The trail, newest last unless the caller orders it otherwise."""

    template = "parts/timeline.html"
    entries: Sequence[TrailEntry]
    label: Any = ""
    more_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Mask(Shape):
    """A covered value; seeing it whole is an act with a reason that the person can read later.

    ``reveal_url`` takes POST ``reason`` (and ``field`` as given here) and answers with the part again,
    ``revealed`` set, for htmx, or with the page.
    """

    template = "parts/mask.html"
    shown: str
    label: Any = ""
    reveal_url: str = ""
    field: str = ""
    reasons: Sequence[tuple[str, Any]] = ()
    revealed: str = ""
    phone: bool = False


@dataclass(frozen=True, kw_only=True)
class Empty(Shape):
    """Nothing here yet, and what to do first."""

    template = "parts/empty.html"
    title: Any
    text: Any = ""
    action: Any = ""
    url: str = ""
    icon: str = "inbox"


@dataclass(frozen=True, kw_only=True)
class Progress(Shape):
    """Long work: how far, of how much, and a way to stop it. ``poll_url`` answers with the part again."""

    template = "parts/progress.html"
    label: Any
    done: int
    total: int
    note: Any = ""
    cancel_url: str = ""
    poll_url: str = ""

    @property
    def percent(self) -> int:
        """Return how far it is, in whole per cent."""
        return round(100 * self.done / self.total) if self.total else 0


@dataclass(frozen=True)
class Tab:
    """One tab; an address of its own, so tabs work without script."""

    label: Any
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Tabs(Shape):
    """Views of one thing side by side."""

    template = "parts/tabs.html"
    tabs: Sequence[Tab]
    label: Any = ""


@dataclass(frozen=True, kw_only=True)
class Pages(Shape):
    """Forwards and backwards through a list; ``number`` and ``total`` may be unknown (cursor paging).

    ``more`` says that the list goes on beyond what can be leafed through.
    """

    template = "parts/pages.html"
    previous_url: str = ""
    next_url: str = ""
    number: int | None = None
    total: int | None = None
    rows: int | None = None
    more: bool = False


@dataclass(frozen=True, kw_only=True)
class Action(Shape):
    """Something to do: a link, or (``post``) a button with its own form; ``why_not`` says why not now."""

    template = "parts/action.html"
    label: Any
    url: str = ""
    icon: str = ""
    kind: Literal["primary", "plain", "quiet", "warning"] = "plain"
    post: bool = False
    why_not: Any = ""
    key: str = ""
    confirm: Any = ""
    frame: str = ""
    """The id of the place on this page in which the link opens where there is script."""

    @property
    def reason_id(self) -> str:
        """Return the id that ties the button to its reason, the same on every drawing."""
        return f"why-{zlib.crc32(f'{self.label}{self.why_not}'.encode()):x}"


@dataclass(frozen=True)
class Actions(Shape):
    """*One* primary button, the step expected next; the other answer beside it; the others behind 更多."""

    template = "parts/actions.html"
    primary: Action | None
    others: Sequence[Action] = ()
    beside: Sequence[Action] = ()


@dataclass(frozen=True)
class Facts(Shape):
    """Labels and values of one thing; a value may be a shape."""

    template = "parts/facts.html"
    rows: Sequence[tuple[Any, Any]]


@dataclass(frozen=True, kw_only=True)
class CopyText(Shape):
    """Plain text to paste into a group chat; the caller leaves out everything personal."""

    template = "parts/copy.html"
    name: str
    text: str
    label: Any = ""


@dataclass(frozen=True, kw_only=True)
class QrSlot(Shape):
    """A QR code with what it leads to in words. ``svg`` comes from segno, without inline style."""

    template = "parts/qr.html"
    svg: str
    caption: Any
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet(Shape):
    """The head and foot of one printed sheet: title, number, as-of, who printed it."""

    template = "parts/sheet.html"
    title: Any
    number: str = ""
    as_of: datetime | None = None
    unit: Any = ""
    qr: QrSlot | None = None
    rows: Sequence[tuple[Any, Any]] = ()
    signatures: Sequence[Any] = field(default_factory=tuple)
