"""A process as a picture, made from its declaration: stages as boxes, actions as arrows. For help pages and docs.

Stages stand below one another, the main line first. The step to the next stage runs straight down; every other
arrow leaves its box on a line of its own, with its words on it, and comes in at a line of its own: no two words
ever meet, whatever a declaration holds.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linli.kernel.matters.declare import Action, Process, Stage

LEFT, TOP = 12, 12
BOX_W, LINE, GAP = 132, 20, 38
LABEL_W, LANE_W = 210, 14
LONGEST = 15


@dataclass
class Arrow:
    """One move between two stages and the actions that make it; ``auto`` when a clock or an event does."""

    source: str
    target: str
    titles: list[str] = field(default_factory=list)
    auto: bool = True

    @property
    def label(self) -> str:
        """The actions' titles, cut where they are too many."""
        text = "、".join(dict.fromkeys(self.titles))
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


@dataclass
class Box:
    """A stage with its place, and the arrows that leave it or come in on its right side, in order of lines."""

    stage: Stage
    lines: list[tuple[Arrow, bool]] = field(default_factory=list)
    y: int = 0

    @property
    def height(self) -> int:
        """Tall enough for all its lines."""
        return max(40, len(self.lines) * LINE + 10)

    def line_y(self, arrow: Arrow, *, leaving: bool) -> int:
        """Return where an arrow leaves or comes in."""
        number = next(n for n, one in enumerate(self.lines) if one == (arrow, leaving))
        return self.y + 15 + number * LINE + max(0, (self.height - 10 - len(self.lines) * LINE) // 2)


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


def _boxes(process: Process, moves: list[Arrow]) -> tuple[dict[str, Box], set[int]]:
    """Return the boxes by stage, placed, and which arrows (by identity) run straight down."""
    line = main_line(process)
    order = [*line, *(s for s in process.stages.values() if s not in line)]
    boxes = {stage.key: Box(stage) for stage in order}
    down = {(a.key, b.key) for a, b in itertools.pairwise(line)}
    straight = {id(move) for move in moves if (move.source, move.target) in down}
    for move in moves:
        if id(move) not in straight:
            boxes[move.source].lines.append((move, True))
            boxes[move.target].lines.append((move, False))
    y = TOP
    for box in boxes.values():
        box.y = y
        y += box.height + GAP
    return boxes, straight


def _lanes(spans: list[tuple[int, int]]) -> list[int]:
    """Return a lane for each span from top to bottom so that no two in one lane overlap; the short ones inside."""
    taken: list[list[tuple[int, int]]] = []
    lanes = [0] * len(spans)
    for index in sorted(range(len(spans)), key=lambda i: spans[i][1] - spans[i][0]):
        low, high = spans[index]
        free = (n for n, lane in enumerate(taken) if all(high < a or low > b for a, b in lane))
        number = next(free, len(taken))
        if number == len(taken):
            taken.append([])
        taken[number].append((low, high))
        lanes[index] = number
    return lanes


def svg(process: Process) -> SafeString:
    """Return the process as one SVG without script or inline style; its classes are the page's to colour."""
    moves = arrows(process)
    boxes, straight = _boxes(process, moves)
    around = [move for move in moves if id(move) not in straight]
    spans = [_ends(move, boxes) for move in around]
    lanes = _lanes([(min(span), max(span)) for span in spans])
    right = LEFT + BOX_W
    mark = f"head-{process.kind}"
    drawn = [_straight(move, boxes) for move in moves if id(move) in straight]
    for move, (start, end), lane in zip(around, spans, lanes, strict=True):
        turn = right + LABEL_W + lane * LANE_W
        drawn.append((move, f"M{right} {start}H{turn}V{end}H{right + 3}", right + 10, start - 4))
    lines = format_html_join(
        "",
        '<g><path class="arrow{}" d="{}" marker-end="url(#{})"/><text class="label" x="{}" y="{}">{}</text></g>',
        ((" arrow-auto" if a.auto else "", path, mark, x, y, a.label) for a, path, x, y in drawn),
    )
    last = list(boxes.values())[-1]
    width = right + LABEL_W + (max(lanes, default=0) + 1) * LANE_W + LEFT
    return format_html(
        '<svg width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" aria-label="{2}" xmlns="http://www.w3.org/2000/svg">'
        '<defs><marker id="{3}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path class="head" d="M0 0 8 4 0 8z"/></marker></defs>{4}{5}</svg>',
        width,
        last.y + last.height + TOP,
        _("%(title)s流程图") % {"title": process.title},
        mark,
        lines,
        _drawn(boxes),
    )


def _ends(move: Arrow, boxes: dict[str, Box]) -> tuple[int, int]:
    return boxes[move.source].line_y(move, leaving=True), boxes[move.target].line_y(move, leaving=False)


def _straight(move: Arrow, boxes: dict[str, Box]) -> tuple[Arrow, str, int, int]:
    above, below = boxes[move.source], boxes[move.target]
    x = LEFT + 30
    return move, f"M{x} {above.y + above.height}V{below.y - 2}", x + 8, above.y + above.height + GAP // 2 + 4


def _drawn(boxes: dict[str, Box]) -> SafeString:
    return format_html_join(
        "",
        '<g><rect class="box{}" x="{}" y="{}" width="{}" height="{}" rx="6"/>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text></g>',
        (
            (
                " box-closed" if box.stage.closed else "", LEFT, box.y, BOX_W, box.height,
                LEFT + BOX_W // 2, box.y + box.height // 2 + 5, box.stage.title,
            )
            for box in boxes.values()
        ),
    )  # fmt: skip


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
