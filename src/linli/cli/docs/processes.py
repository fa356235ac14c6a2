"""``docs/processes``: each process as a snapshot that guards its stages, a diagram and a table."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any, cast

from linli.cli.docs import table
from linli.cli.docs.code import processes
from linli.kernel.matters import rules
from linli.kernel.matters.declare import Action, Did, Every, Overdue, Process, Warned
from linli.kernel.policy import files as files_of_policy
from linli.kernel.policy.shapes import Duties


def snapshot_of(process: Process, before: dict[str, Any], moved_by: str) -> dict[str, Any]:
    """Return the snapshot to commit: the declaration's, and what became of stages that are gone."""
    removed = dict(before.get("removed", {}))
    removed |= dict.fromkeys(_lost(process, before), moved_by)
    return {**process.snapshot(), "removed": removed}


def lost_stages(folder: Path) -> list[str]:
    """Return ``kind.stage`` for each committed stage that the declarations no longer have."""
    known = {process.kind: process for process in processes()}
    lost = []
    for path in sorted(folder.glob("*.json")):
        before = json.loads(path.read_text(encoding="utf-8"))
        process = known.get(path.stem)
        gone = _lost(process, before) if process else list(before["stages"])
        lost += [f"{path.stem}.{key}" for key in gone]
    return lost


def _lost(process: Process, before: dict[str, Any]) -> list[str]:
    return [key for key in before.get("stages", {}) if key not in process.stages]


def files(folder: Path, moved_by: str) -> dict[Path, str]:
    """Return the text of every file of ``docs/processes``."""
    found = {folder / "README.md": _index()}
    for process in processes():
        path = folder / f"{process.kind}.json"
        before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        snapshot = snapshot_of(process, before, moved_by)
        found[path] = json.dumps(snapshot, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        found[folder / f"{process.kind}.md"] = page(process)
    return found


def _index() -> str:
    rows = [
        (f"[{p.kind}]({p.kind}.md)", str(p.title), p.prefix, str(len(p.stages)), str(len(p.actions)), p.source)
        for p in processes()
    ]
    return "\n".join(
        [
            "# Processes",
            "",
            "Drawn from the declarations by `linli docs generate`. The `.json` beside each page is the snapshot that a",
            "test compares with the declaration: a stage that goes needs a data migration, named with `--moved-by`.",
            "",
            table(("Kind", "Title", "Number", "Stages", "Actions", "Register"), rows),
            "",
        ]
    )


def page(process: Process) -> str:
    """Return a process as Markdown: what it is, its diagram, its stages, clocks and actions."""
    detail = process.detail.__doc__ if process.detail else ""
    lines = [
        f"# {process.title} (`{process.kind}`)",
        "",
        f"Numbers `{process.prefix}-…`; register items {process.source}; "
        + ("on the public list once released." if process.public else "never public."),
        *(["", " ".join(detail.split())] if detail and not detail.startswith(f"{process.kind.title()}(") else []),
        "",
        *([f"Pins {', '.join(f'`{name}`' for name in process.pins)} at its opening.", ""] if process.pins else []),
        "```mermaid",
        *diagram(process),
        "```",
        "",
        "## Clocks",
        "",
        _clocks(process),
        "",
        "## Actions",
        "",
        _actions(process),
        "",
    ]
    return "\n".join(lines)


def diagram(process: Process) -> list[str]:
    """Return the lines of a Mermaid state diagram; actions between the same two stages share an arrow."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{stage.title}" as {stage.key}' for stage in process.stages.values()]
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for action in process.actions:
        if action.target is None:
            continue
        sources = action.sources if action.sources is not None else _open_stages(process)
        for stage in sources:
            arrows[stage.key or "[*]", action.target.key].append(str(action.title))
    lines += [f"    {start} --> {end} : {'、'.join(titles)}" for (start, end), titles in arrows.items()]
    lines += [f"    {stage.key} --> [*]" for stage in process.stages.values() if stage.closed]
    return lines


def _open_stages(process: Process) -> tuple[Any, ...]:
    return tuple(stage for stage in process.stages.values() if not stage.closed)


def _clocks(process: Process) -> str:
    if not process.clocks:
        return "None."
    rows = []
    for clock in process.clocks.values():
        started = [a.name for a in process.actions if clock in a.starts]
        stopped = [a.name for a in process.actions if clock in a.stops]
        rows.append((f"`{clock.key}`", f"{clock.title}{' (never pauses)' if clock.resident else ''}",
                     _names(started), _names(stopped)))  # fmt: skip
    return table(("Clock", "Title", "Started by", "Stopped by"), rows)


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "the end"


def _actions(process: Process) -> str:
    rows = [
        (
            f"`{action.name}` {action.title}",
            _from(process, action),
            action.target.key if action.target else "stays",
            who(action),
            action.form.__name__ if action.form else "–",
            f"`{action.needs.name}`" if action.needs else "–",
            _touches(action),
        )
        for action in process.actions
    ]
    return table(("Action", "From", "To", "Who, or when", "Form", "Approval", "Clocks and sub-matters"), rows)


def _from(process: Process, action: Action) -> str:
    if action.is_opening:
        return "opens it"
    if action.sources is None:
        return "any open"
    keys = [stage.key for stage in action.sources]
    missing = [key for key in process.stages if key not in keys]
    return f"any but {', '.join(missing)}" if 0 < len(missing) <= 2 < len(keys) else ", ".join(keys)


def _touches(action: Action) -> str:
    verbs = (("starts", action.starts), ("stops", action.stops), ("pauses", action.pauses),
             ("resumes", action.resumes), ("moves", action.moves))  # fmt: skip
    said = [f"{verb} {', '.join(clock.key for clock in clocks)}" for verb, clocks in verbs if clocks]
    said += [f"opens {', '.join(process.kind for process in action.opens)}"] if action.opens else []
    return "; ".join(said) or "–"


def who(action: Action) -> str:
    """Return who or what does an action, in words."""
    if action.by:
        return said(action.by)
    if isinstance(action.after, Overdue):
        return f"by itself when `{action.after.clock.key}` is overdue"
    if isinstance(action.after, Warned):
        return f"by itself at {action.after.percent} % of `{action.after.clock.key}`"
    if isinstance(action.on, Every):
        return f"by itself when every {action.on.process.kind} has ended"
    if isinstance(action.on, Did):
        return f"by itself on {', '.join(action.on.names)} of a {action.on.process.kind}"
    raise ValueError(f"{action.name}: nobody does it")


def said(rule: rules.Rule) -> str:
    """Return a rule in words, duties with their Chinese titles."""
    match rule:
        case rules.All(parts):
            return " and ".join(said(part) for part in parts)
        case rules.Any_(parts):
            return " or ".join(said(part) for part in parts)
        case rules.Not(part):
            return f"not {said(part)}"
        case rules.Duty(name, anywhere):
            return f"{_duty_title(name)} `{name}`" + (" in its areas" if anywhere else "")
        case _:
            return WORDS[type(rule)]


WORDS: dict[type[rules.Rule], str] = {
    rules.Awaited: "the post whose turn it is",
    rules.Handled: "who handled it",
    rules.Reporter: "its reporter",
    rules.LinkBearer: "the bearer of its one-time link",
    rules.Resident: "any resident",
    rules.System: "Linli itself",
}


def _duty_title(name: str) -> str:
    duties = cast("Duties", files_of_policy.shipped("posts.duties"))
    found = duties.duties.get(name)
    return str(found.title) if found else ""
