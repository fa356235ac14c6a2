"""What an area is, read from its code and name; the words that follow from it; how its name sounds."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import gettext as _

from linli.kernel.areas.models import Kind, Level

DIGITS = {Level.DISTRICT: 6, Level.STREET: 9, Level.COMMUNITY: 12, Level.GRID: 15}
# Below the grid the path goes on with a letter: a hamlet directly under a village never looks like a grid.
MICRO_LETTERS = {Kind.COMPOUND: "X", Kind.BUILDING: "L", Kind.VILLAGE_GROUP: "Z", Kind.HAMLET: "C"}

KINDS = {
    Level.DISTRICT: frozenset({Kind.DISTRICT}),
    Level.STREET: frozenset({Kind.STREET, Kind.TOWN, Kind.TOWNSHIP, Kind.ZONE}),
    Level.COMMUNITY: frozenset({Kind.RESIDENT, Kind.VILLAGER}),
    Level.GRID: frozenset({Kind.GRID, Kind.SPECIAL_GRID}),
    Level.MICRO: frozenset(MICRO_LETTERS),
}
# Which levels may be above which: a micro area hangs under a grid, another micro area, or its community.
PARENTS = {
    Level.STREET: frozenset({Level.DISTRICT}),
    Level.COMMUNITY: frozenset({Level.STREET}),
    Level.GRID: frozenset({Level.COMMUNITY}),
    Level.MICRO: frozenset({Level.COMMUNITY, Level.GRID, Level.MICRO}),
}

_STREET_SUFFIXES = (
    (("街道", "街道办事处"), Kind.STREET),
    (("镇",), Kind.TOWN),
    (("乡", "苏木"), Kind.TOWNSHIP),
)
_STREET_DIGITS = {"0": Kind.STREET, "1": Kind.TOWN, "2": Kind.TOWNSHIP, "3": Kind.TOWNSHIP}
_RESIDENT = ("居委会", "居民委员会")
_VILLAGER = ("村委会", "村民委员会", "嘎查")


def level_of(code: str) -> Level:
    """Return the level that ``code`` belongs to by its form. Raises ``ValueError`` when it has none."""
    if code.isascii() and code.isdigit():
        for level, digits in DIGITS.items():
            if len(code) == digits:
                return level
    elif code[:12].isdigit() and len(code) > 12:
        return Level.MICRO
    raise ValueError(code)


def street_kind(code: str, name: str) -> Kind:
    """Return whether a 9-digit division is a street, a town, a township (苏木 too) or a zone.

    A name that says it (街道, 镇, 乡, 苏木) decides; otherwise the seventh digit of the statistical code
    does, where 4 and 5 are bodies like a township: development zones, farms, 兵团 (530102401
    昆明国家高新技术产业开发区).
    """
    for suffixes, kind in _STREET_SUFFIXES:
        if name.endswith(suffixes):
            return kind
    return _STREET_DIGITS.get(code[6], Kind.ZONE)


def committee_kind(code: str, name: str) -> Kind:
    """Return whether a 12-digit division has a residents' or a villagers' committee.

    A name that says it (居委会, 村委会, 嘎查) decides; otherwise the tenth digit of the statistical code
    does: 0, 1 and 4 residents', 2, 3 and 5 villagers'.
    """
    if name.endswith(_VILLAGER):
        return Kind.VILLAGER
    if name.endswith(_RESIDENT):
        return Kind.RESIDENT
    return Kind.VILLAGER if code[9] in "235" else Kind.RESIDENT


def kind_of(code: str, name: str) -> Kind:
    """Return the kind of an official division or of a grid, from its code and name."""
    level = level_of(code)
    if level == Level.STREET:
        return street_kind(code, name)
    if level == Level.COMMUNITY:
        return committee_kind(code, name)
    if level == Level.MICRO:
        letter = next(c for c in reversed(code) if c.isalpha())
        return next(kind for kind, mark in MICRO_LETTERS.items() if mark == letter)
    return Kind.DISTRICT if level == Level.DISTRICT else Kind.GRID


def words_for(kind: str) -> dict[str, str]:
    """Return the words that follow an area's kind.

    ``committee``, ``short`` (its short form), ``people``, ``openness``, ``place`` (what the area is called
    in running text), ``representatives`` (who meets), ``household_no`` (what stands for a house number) and
    ``micro`` (what lies below): village matters are spoken of in village words.
    """
    if kind in {Kind.VILLAGER, Kind.VILLAGE_GROUP, Kind.HAMLET}:
        return {
            "committee": _("村民委员会"),
            "short": _("村委会"),
            "people": _("村民"),
            "openness": _("村务公开"),
            "place": _("村"),
            "representatives": _("村民代表会议"),
            "household_no": _("地名和户主"),
            "micro": _("村民小组"),
        }
    return {
        "committee": _("居民委员会"),
        "short": _("居委会"),
        "people": _("居民"),
        "openness": _("居务公开"),
        "place": _("社区"),
        "representatives": _("居民代表会议"),
        "household_no": _("门牌号"),
        "micro": _("小区"),
    }


@lru_cache(maxsize=4096)
def sound(name: str) -> str:
    """Return the search and sort key of ``name``: its pinyin without tones, a space, its initials."""
    from pypinyin import Style, lazy_pinyin

    full = "".join(lazy_pinyin(name)).lower()
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return f"{full} {initials}"[:200]
