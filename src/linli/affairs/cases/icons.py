"""A symbol for each major class, so that a category is found by sight."""

from __future__ import annotations

from linli.affairs.cases.policy import Category

MAJORS = {
    "C01": "lightbulb", "C02": "route", "C03": "trash-2", "C04": "trees", "C05": "building", "C06": "wrench",
    "E01": "trash-2", "E02": "megaphone", "E03": "wrench", "E04": "siren", "E05": "store",
    "S01": "handshake", "S02": "shield", "S03": "flame", "S04": "heart", "S05": "key-round", "S06": "hand-helping",
    "S07": "id-card", "S08": "building-2", "S09": "volume-2", "S10": "store", "S11": "book-open", "S12": "droplets",
    "S13": "message-square",
}  # fmt: skip


def icon_of(category: Category) -> str:
    """Return the symbol of the sprite for ``category``; a plain one for a class that has none."""
    return MAJORS.get(category.major, "circle-help")
