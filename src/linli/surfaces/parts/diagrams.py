"""A process as a picture, made from its declaration: stages as boxes, actions as arrows. For help pages and docs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linli.kernel.matters.declare import Action, Process, Stage

BOX_W, BOX_H, GAP_X, LANE = 112, 44, 74, 26
LEFT, TOP = 24, 16
START_KEY = ""


@dataclass(frozen=True)
class Box:
    """A stage with its place."""

    key: str
    title: str
    closed: bool
    x: int
    y: int


@dataclass
class Arrow:
    """One move between two stages and the actions that make it; ``auto`` when a clock or an event does."""

    source: str
    target: str
    titles: list[str] = field(default_factory=list)
    auto: bool = True


@dataclass(frozen=True)
class Drawing:
    """A process laid out: boxes, arrows, and the size of the whole."""

    boxes: list[Box]
    arrows: list[tuple[Arrow, str, int, int]]
    width: int
    height: int


def main_line(process: Process) -> list[Stage]:
    """Return the stages on the process's main line: from the first opening, by the expected step, to an end."""
    first = next(a.target for a in process.actions if a.is_opening and a.target)
    line = [first]
    while not line[-1].closed:
        step = _onwards(process, line)
        if step is None:
            break
        line.append(step)
    return line


def _onwards(process: Process, line: list[Stage]) -> Stage | None:
    moves = [a for a in process.from_stage(line[-1].key) if a.target and a.target not in line]
    best = sorted(moves, key=lambda a: (not a.expected, a.secondary, a.on is None and a.by is None))
    return best[0].target if best else None


def arrows(process: Process) -> list[Arrow]:
    """Return every move of the process, actions between the same two stages on one arrow; remarks are left out."""
    found: dict[tuple[str, str], Arrow] = {}
    for action in process.actions:
        if action.target is None:
            continue
        for source in _sources(process, action):
            if source == action.target.key:
                continue
            arrow = found.setdefault((source, action.target.key), Arrow(source, action.target.key))
            arrow.titles.append(str(action.title))
            arrow.auto = arrow.auto and action.by is None
    return list(found.values())


def _sources(process: Process, action: Action) -> list[str]:
    if action.is_opening:
        return []
    if action.sources is None:
        return [s.key for s in process.stages.values() if not s.closed]
    return [s.key for s in action.sources]


def layout(process: Process) -> Drawing:
    """Return the picture's layout: the main line in the middle, other stages below where they are first reached."""
    line = main_line(process)
    moves = arrows(process)
    column = {stage.key: n for n, stage in enumerate(line)}
    rest = [s for s in process.stages.values() if s.key not in column]
    taken: dict[int, int] = {}
    places: dict[str, tuple[int, int]] = {key: (n, 0) for key, n in column.items()}
    for stage in rest:
        origin = min((places[m.source][0] for m in moves if m.target == stage.key and m.source in places), default=0)
        depth = taken[origin] = taken.get(origin, 0) + 1
        places[stage.key] = (origin, depth)
    above = _lanes(moves, places)
    base = TOP + above * LANE + 20
    boxes = [
        Box(
            key,
            str(process.stages[key].title),
            process.stages[key].closed,
            LEFT + col * (BOX_W + GAP_X),
            base + row * (BOX_H + 46),
        )
        for key, (col, row) in places.items()
    ]
    by_key = {box.key: box for box in boxes}
    drawn = _routes(moves, by_key, base)
    width = LEFT * 2 + (max(col for col, _row in places.values()) + 1) * (BOX_W + GAP_X) - GAP_X + 60
    height = max(box.y for box in boxes) + BOX_H + 30
    return Drawing(boxes, drawn, width, height)


def _lanes(moves: list[Arrow], places: dict[str, tuple[int, int]]) -> int:
    far = [m for m in moves if places[m.source][1] == places[m.target][1] == 0 and _span(m, places) != 1]
    return len(far)


def _span(move: Arrow, places: dict[str, tuple[int, int]]) -> int:
    return places[move.target][0] - places[move.source][0]


def _routes(moves: list[Arrow], boxes: dict[str, Box], base: int) -> list[tuple[Arrow, str, int, int]]:
    drawn = []
    lane = 0
    for move in sorted(moves, key=lambda m: abs(boxes[m.target].x - boxes[m.source].x)):
        a, b = boxes[move.source], boxes[move.target]
        if a.y == b.y == base and b.x - a.x == BOX_W + GAP_X:
            path = f"M{a.x + BOX_W} {a.y + BOX_H // 2}H{b.x - 2}"
            drawn.append((move, path, (a.x + BOX_W + b.x) // 2, a.y + BOX_H // 2 - 7))
        elif a.y == b.y == base:
            lane += 1
            top = base - lane * LANE
            start, end = a.x + BOX_W // 2 + 14, b.x + BOX_W // 2 - 14
            drawn.append((move, f"M{start} {a.y}V{top}H{end}V{b.y - 2}", (start + end) // 2, top - 5))
        elif a.x == b.x:
            down = b.y > a.y
            side = a.x + (20 if down else BOX_W - 20)
            ends = (a.y + BOX_H, b.y - 2) if down else (a.y, b.y + BOX_H + 2)
            drawn.append((move, f"M{side} {ends[0]}V{ends[1]}", side + 8, (ends[0] + ends[1]) // 2 + 4))
        else:
            start = a.x + BOX_W - 30 if b.x > a.x else a.x + 30
            from_y = a.y + BOX_H if b.y > a.y else a.y
            side = b.x - 2 if b.x > a.x else b.x + BOX_W + 2
            drawn.append(
                (move, f"M{start} {from_y}V{b.y + BOX_H // 2}H{side}", (start + side) // 2, b.y + BOX_H // 2 - 5)
            )
    return drawn


def svg(process: Process) -> SafeString:
    """Return the process as one SVG without script or inline style; its classes are the page's to colour."""
    drawing = layout(process)
    mark = f"head-{process.kind}"
    boxes = format_html_join(
        "",
        '<g><rect class="box{}" x="{}" y="{}" width="{}" height="{}" rx="6"/>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text></g>',
        (
            (" box-closed" if b.closed else "", b.x, b.y, BOX_W, BOX_H, b.x + BOX_W // 2, b.y + BOX_H // 2 + 5, b.title)
            for b in drawing.boxes
        ),
    )
    lines = format_html_join(
        "",
        '<g><path class="arrow{}" d="{}" marker-end="url(#{})"/>'
        '<text class="label" x="{}" y="{}" text-anchor="middle">{}</text></g>',
        ((" arrow-auto" if a.auto else "", path, mark, x, y, _label(a)) for a, path, x, y in drawing.arrows),
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" xmlns="http://www.w3.org/2000/svg"><defs>'
        '<marker id="{}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path class="head" d="M0 0 8 4 0 8z"/></marker></defs>{}{}</svg>',
        drawing.width,
        drawing.height,
        _("%(title)s流程图") % {"title": process.title},
        mark,
        lines,
        boxes,
    )


def _label(arrow: Arrow) -> str:
    text = "、".join(dict.fromkeys(arrow.titles))
    return text if len(text) <= 14 else text[:13] + "…"


def steps(process: Process) -> list[dict[str, Any]]:
    """Return the process as a table for whoever cannot see the picture: stage, what may be done, where it leads."""
    return [
        {
            "stage": stage.title,
            "plain": stage.plain,
            "closed": stage.closed,
            "actions": [
                {
                    "title": a.title,
                    "to": a.target.title if a.target and a.target is not stage else "",
                    "duties": sorted(a.by.duties()) if a.by else [],
                    "auto": a.by is None,
                    "needs": a.needs is not None,
                }
                for a in process.from_stage(stage.key)
                if not a.is_opening and (a.target is not None or a.sources is not None)
            ],
        }
        for stage in process.stages.values()
    ]
