"""Addresses as people write them: one form to compare by, and the parts a clerk sees."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_FILLERS = re.compile(r"[\s,，。、;；()（）\[\]【】·]+")
_DASHES = re.compile(r"[-–—－_/~#]+")
_NUMERAL = re.compile(r"[〇零一二三四五六七八九十百]+(?=号楼|号|幢|栋|座|单元|室|房|组|弄|巷|层)")
_BUILDING = re.compile(r"(?<=[0-9A-Z])(?:号楼|幢|栋|座)")
_UNIT = re.compile(r"(?<=[0-9A-Z])单元")
_ROOM = re.compile(r"(?<=[0-9A-Z])(?:室|房|号房)$")
_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_PARTS = re.compile(
    r"^(?P<base>.*?)"
    r"(?:(?P<building>(?:[0-9]+[A-Z]?|[A-Z]))(?:-))?"
    r"(?P<room>[0-9]+[A-Z]?(?:-[0-9]+[A-Z]?)?)?$"
)


def narrow(text: str) -> str:
    """Return ``text`` with full-width characters narrow, letters large, blanks and commas gone."""
    return _FILLERS.sub("", unicodedata.normalize("NFKC", text)).upper()


def plain(text: str) -> str:
    """Return the one form in which two writings of an address meet: 三栋二单元502室 and 3幢2-502 are ``3-2-502``."""
    found = _NUMERAL.sub(lambda m: str(_number(m[0])), narrow(text))
    found = _UNIT.sub("-", _BUILDING.sub("-", found))
    found = _DASHES.sub("-", _ROOM.sub("", found))
    return found.strip("-")


def _number(text: str) -> int:
    """Return a numeral below a thousand as a number: 十二 is 12, 二〇三 is 203."""
    if not any(c in text for c in "十百"):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, last = 0, 0
    for character in text:
        if character in "十百":
            total += (last or 1) * (10 if character == "十" else 100)
            last = 0
        else:
            last = _DIGITS[character]
    return total + last


@dataclass(frozen=True, slots=True)
class Parts:
    """An address taken apart: plate or place-name, building, room; the last two may be empty."""

    base: str
    building: str
    room: str


def parts(text: str) -> Parts:
    """Return the parts of an address in its compared form; what cannot be told apart stays in ``base``."""
    whole = plain(text)
    found = _PARTS.match(whole)
    if found is None or not found["base"]:
        return Parts(whole, "", "")
    base, building, room = found["base"], found["building"] or "", found["room"] or ""
    return Parts(base, building, room)


_RUN = re.compile(r"[0-9A-Z]+|[^0-9A-Z\-]+")


def words(text: str) -> list[str]:
    """Return what an address is found by: pairs of its characters, and each number whole (``#502``)."""
    found: set[str] = set()
    for run in _RUN.findall(plain(text)):
        if run[0].isascii() and run[0].isalnum():
            found.add(f"#{run}")
        elif len(run) == 1:
            found.add(run)
        else:
            found.update(run[i : i + 2] for i in range(len(run) - 1))
    return sorted(found)


def pattern(text: str) -> str:
    """Return a LIKE pattern over compared addresses: the runs of ``text`` in their order."""
    runs = [run.replace("%", "").replace("_", "") for run in _RUN.findall(plain(text))]
    return "%" + "%".join(runs) + "%"
