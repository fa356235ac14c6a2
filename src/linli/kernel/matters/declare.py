"""A process, declared once, as a table.

From the declaration come the buttons and forms of the desk, the API, the permission check, the inbox, the
deadlines, the statistics and the diagrams. Somebody who knows the source document and no Python should
recognise their procedure in it::

    LEAVE = Process(
        kind="leave", prefix="L", title=_("请假"), source="I136",
        actions=[
            Action("ask",     START    >> ASKED,   title=_("申请"), by=duty.worker, form=AskForm, starts=[REPLY]),
            Action("remind",  ASKED,               title=_("催办"), after=warned(REPLY, 80)),
            Action("grant",   ASKED    >> GRANTED, title=_("批准"), by=duty.chief & ~who_handled, stops=[REPLY]),
        ],
    )

Declarations are checked when they are made: a stage nobody reaches, a clock nobody starts or a resident's
clock that somebody pauses is a :class:`BadProcess` at import, not a surprise in the field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, overload

from django.db import models

from linli.kernel.matters.checking import BadProcess, check
from linli.kernel.matters.rules import Rule

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from linli.kernel.matters.forms import ActionForm
    from linli.kernel.matters.models import Matter
    from linli.kernel.matters.transition import Transition
    from linli.kernel.worktime import Limit


@dataclass(frozen=True)
class Stage:
    """A link (环节) of a process. ``plain`` is what a resident reads while the matter is here."""

    key: str
    title: StrOrPromise = ""
    plain: StrOrPromise = ""
    closed: bool = False

    def __rshift__(self, target: Stage) -> Move:
        return Move((self,), target)

    @overload
    def __or__(self, other: Stage | Stages) -> Stages: ...
    @overload
    def __or__(self, other: Move) -> Move: ...
    def __or__(self, other: Stage | Stages | Move) -> Stages | Move:
        return Stages((self,)) | other


@dataclass(frozen=True)
class Stages:
    """Several stages that an action may come from."""

    members: tuple[Stage, ...]

    def __rshift__(self, target: Stage) -> Move:
        return Move(self.members, target)

    @overload
    def __or__(self, other: Stage | Stages) -> Stages: ...
    @overload
    def __or__(self, other: Move) -> Move: ...
    def __or__(self, other: Stage | Stages | Move) -> Stages | Move:
        # ``A | B >> C`` is ``A | (B >> C)`` to Python and "from A or B to C" to everybody else: both are one move.
        if isinstance(other, Move):
            return Move((*self.members, *(other.sources or ())), other.target)
        return Stages((*self.members, *(other.members if isinstance(other, Stages) else (other,))))


@dataclass(frozen=True)
class Move:
    """From which stages (``None``: any open one) to which (``None``: it stays)."""

    sources: tuple[Stage, ...] | None
    target: Stage | None


class _AnyOpen:
    def __rshift__(self, target: Stage) -> Move:
        return Move(None, target)


START = Stage("")
ANY_OPEN = _AnyOpen()


@dataclass(frozen=True)
class Clock:
    """A deadline. ``limit`` looks it up for a matter, in policy; ``None`` means no clock for this one.

    A *resident's* clock runs from first report to verdict: it is never paused, moved or restarted, and the
    declaration refuses an action that would.
    """

    key: str
    title: StrOrPromise
    limit: Callable[[Transition], Limit | None]
    resident: bool = False


@dataclass(frozen=True)
class Overdue:
    """Fires when the clock's time is up."""

    clock: Clock


@dataclass(frozen=True)
class Warned:
    """Fires when ``percent`` of the clock's time has passed."""

    clock: Clock
    percent: int


@dataclass(frozen=True)
class Every:
    """Fires when the last open sub-matter of a process closes."""

    process: Process


@dataclass(frozen=True)
class Did:
    """Fires when one of these actions was done to a sub-matter of a process."""

    process: Process
    names: tuple[str, ...]


def overdue(clock: Clock) -> Overdue:
    """Return the trigger *when this clock's time is up*."""
    return Overdue(clock)


def warned(clock: Clock, percent: int) -> Warned:
    """Return the trigger *when this share of the clock's time has passed*."""
    return Warned(clock, percent)


def every(process: Process) -> Every:
    """Return the trigger *when every sub-matter of this process has ended*."""
    return Every(process)


@dataclass(frozen=True)
class Needs:
    """An approval: its chain is policy (``matters.approvals``) under ``name``.

    ``choose`` picks another chain for a matter, where policy gives its types chains of their own; ``""`` from it
    means that this one needs nobody's approval.
    """

    name: str
    choose: Callable[[Transition], str] | None = None

    def chain(self, t: Transition) -> str:
        """Return the chain that decides this one, ``""`` for none."""
        return self.choose(t) if self.choose else self.name


def did(process: Process, *names: str) -> Did:
    """Return the trigger *when one of these was done to a sub-matter of this process*."""
    unknown = [name for name in names if not process.has(name)]
    if unknown or not names:
        raise BadProcess(f"did({process.kind}): no action {', '.join(unknown) or '(none named)'}")
    return Did(process, names)


def approval(name: str, choose: Callable[[Transition], str] | None = None) -> Needs:
    """Return the requirement of the approval chain ``name``: approver ≠ proposer, the clock runs meanwhile."""
    return Needs(name, choose)


class Guard(Protocol):
    """Why an action that this actor may do cannot be done now; ``None`` when it can."""

    def __call__(self, matter: Matter) -> StrOrPromise | None: ...


@dataclass(frozen=True)
class Action:
    """One thing that can be done to a matter: by a duty (``by``), a clock (``after``) or an event (``on``).

    ``expected`` is the step a stage waits for; ``alternative`` the other answer where that step answers a
    question (approve or not), shown beside it, so that no button takes the decision; ``secondary`` what is rarely
    done.
    """

    name: str
    move: Move | Stage | Stages | _AnyOpen
    title: StrOrPromise
    by: Rule | None = None
    after: Overdue | Warned | None = None
    on: Every | Did | None = None
    form: type[ActionForm] | None = None
    needs: Needs | None = None
    starts: Sequence[Clock] = ()
    stops: Sequence[Clock] = ()
    pauses: Sequence[Clock] = ()
    resumes: Sequence[Clock] = ()
    moves: Sequence[Clock] = ()
    opens: Sequence[Process] = ()
    guard: Guard | None = None
    expected: bool = False
    alternative: bool = False
    handles: bool = False
    secondary: bool = False
    hint: StrOrPromise = ""

    @property
    def sources(self) -> tuple[Stage, ...] | None:
        """The stages this action may be done in; ``None`` for any open one."""
        if isinstance(self.move, Move):
            return self.move.sources
        if isinstance(self.move, Stage):
            return (self.move,)
        return self.move.members if isinstance(self.move, Stages) else None

    @property
    def target(self) -> Stage | None:
        """The stage it leads to, or ``None`` when the matter stays where it is."""
        return self.move.target if isinstance(self.move, Move) else None

    @property
    def is_opening(self) -> bool:
        """Whether this action begins a matter."""
        return self.sources == (START,)

    @property
    def clocks(self) -> Iterable[Clock]:
        """Every clock this action touches or is fired by."""
        yield from (*self.starts, *self.stops, *self.pauses, *self.resumes, *self.moves)
        if self.after:
            yield self.after.clock


Effect = Callable[["Transition"], None]


@dataclass(eq=False)
class Process:
    """A declared process: its stages and actions, and what an affair attaches to them.

    ``reads`` names relations of the detail that most of its effects read: they come with the lock, in one statement.
    """

    kind: str
    prefix: str
    title: StrOrPromise
    actions: Sequence[Action]
    source: str
    detail: type[models.Model] | None = None
    reads: Sequence[str] = ()
    pins: Sequence[str] = ()
    public: bool = False
    effects: dict[str, list[Effect]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._by_name = {action.name: action for action in self.actions}
        self.stages: dict[str, Stage] = {}
        for action in self.actions:
            for stage in (*(action.sources or ()), *((action.target,) if action.target else ())):
                if stage is not START:
                    self.stages.setdefault(stage.key, stage)
        self.clocks: dict[str, Clock] = {c.key: c for a in self.actions for c in a.clocks}
        self._from_stage = {stage.key: self._admitted(stage) for stage in self.stages.values()}
        self.told: list[Process] = []
        """The processes that wait for what is done to their sub-matters of this one."""
        check(self)
        if self.kind in PROCESSES:
            raise BadProcess(f"{self.kind}: declared twice")
        PROCESSES[self.kind] = self
        for part in {id(a.on.process): a.on.process for a in self.actions if a.on}.values():
            part.told.append(self)

    @property
    def detail_accessor(self) -> str | None:
        """The attribute of a matter under which its detail row is found."""
        if self.detail is None:
            return None
        link = self.detail._meta.get_field("matter")
        return str(link.related_query_name()) if isinstance(link, models.OneToOneField) else None

    @property
    def fetched(self) -> Iterable[str]:
        """What is read with a matter of this process: its detail, and the relations named in ``reads``."""
        if accessor := self.detail_accessor:
            yield from (accessor, *(f"{accessor}__{name}" for name in self.reads))

    def action(self, name: str) -> Action:
        """Return the action ``name``. Raises ``KeyError`` when the process has none."""
        return self._by_name[name]

    def has(self, name: str) -> bool:
        """Return whether the process has an action ``name``."""
        return name in self._by_name

    def stage(self, key: str) -> Stage:
        """Return the stage with ``key``. Raises ``KeyError`` when there is none."""
        return self.stages[key]

    def from_stage(self, key: str) -> tuple[Action, ...]:
        """Return the actions that may be done in the stage ``key``, in the order of the declaration."""
        return self._from_stage[key]

    def _admitted(self, stage: Stage) -> tuple[Action, ...]:
        anywhere = not stage.closed
        return tuple(a for a in self.actions if (anywhere if a.sources is None else stage in a.sources))

    def expected(self, key: str) -> Action | None:
        """Return the action that the stage ``key`` waits for, ``None`` where it waits for no one act."""
        return next((a for a in self.from_stage(key) if a.expected), None)

    def answers(self, key: str) -> list[Action]:
        """Return what the stage ``key`` waits for: the expected action, then its alternatives."""
        answers = [a for a in self.from_stage(key) if a.expected or a.alternative]
        return sorted(answers, key=lambda a: a.alternative)

    def on(self, name: str) -> Callable[[Effect], Effect]:
        """Attach a function that does what the affair does when ``name`` is performed, in the same transaction."""
        if name not in self._by_name:
            raise BadProcess(f"{self.kind}: no action {name!r} to attach an effect to")

        def attach(effect: Effect) -> Effect:
            self.effects.setdefault(name, []).append(effect)
            return effect

        return attach

    def duties(self) -> frozenset[str]:
        """Return every duty the declaration names; policy must map each to posts."""
        return frozenset().union(*(a.by.duties() for a in self.actions if a.by))

    def snapshot(self) -> dict[str, Any]:
        """Return the shape that a data migration must follow when it changes (docs/processes/*.json)."""
        return {
            "kind": self.kind,
            "stages": {s.key: {"closed": s.closed} for s in self.stages.values()},
            "clocks": sorted(self.clocks),
            "actions": {
                a.name: {
                    "from": None if a.sources is None else [s.key for s in a.sources],
                    "to": a.target.key if a.target else None,
                }
                for a in self.actions
            },
        }


PROCESSES: dict[str, Process] = {}


def process_of(kind: str) -> Process:
    """Return the declared process of ``kind``. Raises ``KeyError`` when no installed affair declares it."""
    return PROCESSES[kind]
