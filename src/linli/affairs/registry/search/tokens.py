"""The words of an entry: what a person, a house or a body is found by, and where it lies."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from linli.affairs.registry.search import addresses
from linli.kernel import areas
from linli.kernel.areas.models import Level
from linli.kernel.areas.nodes import Tree
from linli.kernel.people import names

LONGEST = 40


def short(value: bytes, length: int) -> str:
    """Return the first ``length`` bytes of a keyed hash as text."""
    return base64.urlsafe_b64encode(value[:length]).decode("ascii").rstrip("=")


def number(hashed: bytes) -> str:
    """Return the word of an identity number, by its keyed hash."""
    return f"n:{short(hashed, 12)}"


def phone(hashed: bytes) -> str:
    """Return the word of a telephone number, by its keyed hash."""
    return f"t:{short(hashed, 12)}"


def last4(hashed: bytes) -> str:
    """Return the word of the last four of a phone or an identity number, by their keyed hash."""
    return f"4:{short(hashed, 9)}"


def tag(code: str) -> str:
    """Return the word of a tag."""
    return f"g:{code}"[:LONGEST]


def credit_code(code: str) -> str:
    """Return the word of a unified social credit code."""
    return f"u:{code}"


@lru_cache(maxsize=20_000)
def area(identifier: UUID) -> str:
    """Return the word of an area, by its stable id: it survives renaming and re-coding."""
    return f"@{short(identifier.bytes, 16)}"


_places: dict[tuple[int, UUID], tuple[str, ...]] = {}


def places(identifier: UUID, tree: Tree | None = None) -> tuple[str, ...]:
    """Return the words of an area and everything above it, the district left out."""
    present = tree or areas.tree()
    key = (id(present), identifier)
    found = _places.get(key)
    if found is None:
        node = present.by_id(identifier)
        steps = [node, *present.ancestors(node)]
        found = tuple(area(step.id) for step in steps if step.level != Level.DISTRICT)
        if len(_places) > 50_000:
            _places.clear()
        _places[key] = found
    return found


@lru_cache(maxsize=200_000)
def of_name(name: str) -> tuple[str, ...]:
    """Return the words of a person's name: character pairs, initials, and pinyin by whole syllables."""
    return tuple(dict.fromkeys([*names.grams(name), *of_sound(names.sort_key(name))]))


def of_sound(key: str) -> list[str]:
    """Return the words of a sort key: ``zhang xiao ming`` → i:zx i:zxm i:xm p:zhang p:zhangxiao p:xiaoming …"""
    syllables = key.split()
    found: list[str] = []
    letters = "".join(s[0] for s in syllables)
    found += [f"i:{letters[:n]}" for n in range(2, len(letters) + 1)]
    if len(letters) > 2:
        found.append(f"i:{letters[1:]}")
    found += [f"p:{''.join(syllables[:n])}"[:LONGEST] for n in range(1, min(len(syllables), 6) + 1)]
    if len(syllables) > 1:
        found += [f"p:{''.join(syllables[1:n])}"[:LONGEST] for n in range(2, min(len(syllables), 6) + 1)]
    return list(dict.fromkeys(found))


def of_body(name: str) -> list[str]:
    """Return the words of an organisation's name: pairs of characters and initials."""
    plain = names.normalise(name)
    letters = "".join(s[0] for s in names.sort_key(plain).split())
    pairs = names.grams(plain)
    sounds = {f"i:{letters[at : at + n]}"[:LONGEST] for n in (2, 3, 4) for at in range(len(letters) - n + 1)}
    sounds |= {f"i:{letters[:n]}" for n in range(5, min(len(letters), 8) + 1)}
    return [*pairs, *sorted(sounds), *(w for w in addresses.words(plain) if w.startswith("#"))]


def joined(*groups: Iterable[str]) -> list[str]:
    """Return all words once, in a stable order."""
    return sorted({word for group in groups for word in group if word})
