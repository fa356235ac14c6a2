"""The measures of GB/T 9704—2012 (k: to be checked against the text before they are quoted), in points.

A4; the type area is 156 mm × 225 mm, 37 mm from the top and 28 mm from the binding edge; 22 lines of 28
characters in 三号; the title in 二号; page numbers in 四号 with a dash at each side, 7 mm below the type area.
"""

from __future__ import annotations

MM = 72 / 25.4

PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
TOP, LEFT = 37 * MM, 28 * MM
AREA_WIDTH, AREA_HEIGHT = 156 * MM, 225 * MM
RIGHT, BOTTOM = PAGE_WIDTH - LEFT - AREA_WIDTH, PAGE_HEIGHT - TOP - AREA_HEIGHT

LINES, CHARACTERS = 22, 28
LINE_PITCH = AREA_HEIGHT / LINES
CHARACTER_PITCH = AREA_WIDTH / CHARACTERS

BODY = 16.0  # 三号
TITLE = 22.0  # 二号
SMALL = 14.0  # 四号: page number, copies
CELL = 12.0  # 小四: tables
RED_HEAD = 40.0  # 发文机关标志: not above 22 mm × 15 mm; made smaller where the name is long
RED_HEAD_FROM_TOP = 35 * MM
NUMBER_BELOW_AREA = 7 * MM

RED = "C00000"


def red_head_size(text: str) -> float:
    """Return the size at which the issuing body's name fits the width of the type area."""
    return min(RED_HEAD, AREA_WIDTH / max(len(text), 1))
