"""Texts as counted pieces: runs of one to three characters, with the category and the place. No library is needed.

The worker learns weights for these pieces, the web adds them up; both must cut texts alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

LONGEST = 3
KEEP = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]+")
DIGITS = re.compile(r"[0-9]+")


def plain(text: str) -> str:
    """Return a text without signs, with every number as 0."""
    return DIGITS.sub("0", KEEP.sub("", text)).lower()


def template(text: str, place: str) -> str:
    """Return a text without the place it speaks of: what is left when two people say the same of two places."""
    words = plain(text)
    where = plain(place)
    shared = SequenceMatcher(None, words, where, autojunk=False).find_longest_match()
    return words[: shared.a] + words[shared.a + shared.size :] if shared.size >= 2 else words


def pieces(text: str, category: str, area_code: str) -> set[str]:
    """Return the pieces of a matter: its runs of characters, its category, its street and community."""
    words = plain(text)
    runs = {words[i : i + n] for n in range(1, LONGEST + 1) for i in range(len(words) - n + 1)}
    return {f"w:{run}" for run in runs} | set(marks(category, area_code))


def marks(category: str, area_code: str) -> Iterable[str]:
    """Return the pieces that are no words: category, its major class, street and community."""
    return [f"c:{category}", f"m:{category[:3]}", f"a:{area_code[:9]}", f"a:{area_code[:12]}"]
