"""What a declaration must not contradict; looked at when it is imported, so that no process begins in error."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linli.kernel.matters.declare import Action, Process


class BadProcess(Exception):
    """A declaration contradicts itself; the text says where."""


def check(process: Process) -> None:
    """Raise :class:`BadProcess` when the declaration contradicts itself."""
    where = process.kind
    if len(process._by_name) != len(process.actions):
        raise BadProcess(f"{where}: two actions share a name")
    openings = [a for a in process.actions if a.is_opening]
    if not openings:
        raise BadProcess(f"{where}: nothing begins it (no action from START)")
    for action in process.actions:
        _check_action(where, action)
    _check_stages(process)
    started = {c.key for a in process.actions for c in a.starts}
    unstarted = set(process.clocks) - started
    if unstarted:
        raise BadProcess(f"{where}: clocks that nothing starts: {', '.join(sorted(unstarted))}")


def _check_action(where: str, action: Action) -> None:
    if not (action.by or action.after or action.on):
        raise BadProcess(f"{where}.{action.name}: needs by=, after= or on=")
    if action.needs and not action.by:
        raise BadProcess(f"{where}.{action.name}: an approval needs somebody who asks for it")
    if action.is_opening and (action.after or action.on or action.target is None):
        raise BadProcess(f"{where}.{action.name}: a beginning is somebody's act and leads somewhere")
    for clock in (*action.pauses, *action.resumes, *action.moves):
        if clock.resident:
            raise BadProcess(f"{where}.{action.name}: the resident's clock is never paused, resumed or moved")


def _check_stages(process: Process) -> None:
    expected: dict[str, str] = {}
    reached = {a.target.key for a in process.actions if a.target}
    for stage in process.stages.values():
        if stage.key not in reached:
            raise BadProcess(f"{process.kind}: nothing leads to the stage {stage.key}")
        exits = [a for a in process.from_stage(stage.key) if a.target and a.target.key != stage.key]
        if not stage.closed and not exits:
            raise BadProcess(f"{process.kind}: nothing leads out of the stage {stage.key}")
        for action in process.from_stage(stage.key):
            if action.expected:
                if stage.key in expected:
                    raise BadProcess(
                        f"{process.kind}.{stage.key}: {expected[stage.key]} and {action.name} both expected"
                    )
                expected[stage.key] = action.name
        others = [a.name for a in process.from_stage(stage.key) if a.alternative]
        if others and stage.key not in expected:
            raise BadProcess(f"{process.kind}.{stage.key}: {others[0]} is the alternative to nothing expected")
