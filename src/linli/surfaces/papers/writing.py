"""Reading what people typed as a paper: headings are known by their numbers, marks stand for figures."""

from __future__ import annotations

import re
from collections.abc import Mapping

from linli.surfaces.papers.model import Block, Paragraph

_DIGITS = "〇一二三四五六七八九"
_CHINESE = "[一二三四五六七八九十]{1,3}"
_HEADINGS = (
    (1, re.compile(rf"^{_CHINESE}、")),
    (2, re.compile(rf"^（{_CHINESE}）")),
    (3, re.compile(r"^\d{1,2}[.．]\s*(?!\d)")),
    (4, re.compile(r"^（\d{1,2}）")),
)
_MARK = re.compile(r"^【([^】]{1,40})】$")
_SENTENCE = re.compile(r"[。；！？]")


def ordinal(number: int) -> str:
    """Return 1 to 99 as headings write it: 一, 十, 十二, 二十一."""
    tens, ones = divmod(number, 10)
    if not 1 <= number <= 99:
        raise ValueError(f"no heading is numbered {number}")
    return (("" if tens == 1 else _DIGITS[tens]) + "十" if tens else "") + (_DIGITS[ones] if ones else "")


def level_of(line: str) -> int:
    """Return which level of heading a line begins, 0 for running text.

    一、（一）are headings whatever follows; 1. and （1） only where the line is no full sentence.
    """
    for level, pattern in _HEADINGS:
        if pattern.match(line):
            return level if level <= 2 or not _SENTENCE.search(line) else 0
    return 0


def read(text: str, figures: Mapping[str, Block] | None = None) -> list[Block]:
    """Return the blocks of a text typed line by line; a line ``【表1】`` is replaced by the figure of that name.

    A mark without a figure stays as it was typed, so that nobody loses a word.
    """
    found: list[Block] = []
    for raw in text.splitlines():
        line = raw.strip().strip("　")
        if not line:
            continue
        mark = _MARK.match(line)
        if mark and figures and mark[1] in figures:
            found.append(figures[mark[1]])
        else:
            found.append(Paragraph(line, level_of(line)))
    return found
