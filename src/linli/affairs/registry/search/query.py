"""Reading what was typed: which words of the index it asks for, and what must be looked at again."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache

from django.utils.translation import gettext as _

from linli.affairs.registry.policy import TagDictionary
from linli.affairs.registry.search import addresses, tokens
from linli.kernel import areas, policy
from linli.kernel.crypto import keyed_hash
from linli.kernel.errors import UserError
from linli.kernel.people import names, numbers, phones

LONGEST = 60
_SUFFIXES = ("社区居委会", "村委会", "居委会", "村民委员会", "居民委员会", "街道", "社区", "网格", "镇", "乡", "村")


@dataclass
class Query:
    """What is asked of the index: all of ``every``, one of each of ``some``, and patterns to look at again."""

    every: set[str] = field(default_factory=set)
    some: list[list[str]] = field(default_factory=list)
    label_like: list[str] = field(default_factory=list)
    address_like: list[str] = field(default_factory=list)
    sound_like: list[str] = field(default_factory=list)
    by: str = "words"
    kind: str = ""


def read(text: str) -> Query:
    """Return the query behind ``text``; blanks between words mean that all of them must hold.

    Raises :class:`UserError` on ``q`` for nothing, or for so little that it would find everybody.
    """
    typed = unicodedata.normalize("NFKC", text).strip()[:LONGEST]
    whole = _number(typed.replace(" ", "").replace("-", ""))
    query = whole or Query()
    if whole is None:
        for term in typed.split():
            _term(query, names.normalise(term))
    if not (query.every or query.some):
        raise UserError(_("请输入姓名（两个字起）、拼音、地址、电话、证件号、组织名称或标签。"), field="q")
    return query


def _number(text: str) -> Query | None:
    """Return the query for a number: identity, phone, last four, credit code; ``None`` for what is none."""
    upper = text.upper()
    if re.fullmatch(r"\d{17}[\dX]", upper):
        hashed = keyed_hash(upper, "identity.resident_id")
        return Query({tokens.number(hashed)}, by="id_number")
    if re.fullmatch(r"[0-9A-Z]{18}", upper):
        try:
            return Query({tokens.credit_code(numbers.check_credit_code(upper))}, by="uscc")
        except UserError:
            return None
    if re.fullmatch(r"\d{3}[\dX]", upper):
        ends = [keyed_hash(upper, "phone.last4"), keyed_hash(upper, "identity.last4")]
        return Query(some=[[*map(tokens.last4, ends), f"#{upper}"]], by="last4")
    if re.fullmatch(r"\+?\d{7,14}", text):
        try:
            return Query({tokens.phone(keyed_hash(phones.normalise(text), "phone"))}, by="phone")
        except UserError:
            return None
    return None


def _term(query: Query, term: str) -> None:
    if not term:
        return
    known = _number(term)
    if known is not None:
        query.every |= known.every
        query.some += known.some
        query.by = known.by
        return
    word = policy.get(TagDictionary).by_title.get(term)
    if word is not None:
        query.every.add(tokens.tag(word.code))
        query.by = "tag"
        return
    place = _area(term)
    if place:
        query.every.add(place)
    elif term.isascii() and term.replace("'", "").isalpha():
        _sound(query, term.replace("'", "").lower())
    elif re.search(r"[0-9A-Za-z]", term):
        query.every.update(addresses.words(term))
        query.address_like.append(addresses.pattern(term))
    else:
        _characters(query, term)


def _area(term: str) -> str:
    """Return the word of the area that is called exactly ``term``, with or without 社区 or 街道; else nothing."""
    if len(term) < 2:
        return ""
    for node in areas.tree().search(term, limit=5):
        if term in _called(node.name):
            return tokens.area(node.id)
    return ""


@cache
def _called(name: str) -> frozenset[str]:
    return frozenset({name, *(name.removesuffix(s) for s in _SUFFIXES if name.endswith(s))})


def _characters(query: Query, term: str) -> None:
    query.every.update(names.grams(term))
    if len(term) > 2:
        query.label_like.append(f"%{term.replace('%', '').replace('_', '')}%")


@cache
def _syllables() -> frozenset[str]:
    """Return every syllable of Mandarin without its tone."""
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.contrib.tone_convert import to_normal

    return frozenset(
        to_normal(reading).replace("ü", "v") for readings in PINYIN_DICT.values() for reading in readings.split(",")
    )


def _sound(query: Query, letters: str) -> None:
    """Ask for initials, whole syllables, or syllables with a beginning of the next one."""
    asked = [f"p:{letters}"[: tokens.LONGEST]]
    if 2 <= len(letters) <= 8:
        asked.append(f"i:{letters}")
    for cut in range(len(letters) - 1, 1, -1):
        head, rest = letters[:cut], letters[cut:]
        if len(rest) <= 5 and _splits(head) and any(s.startswith(rest) and s != rest for s in _syllables()):
            asked.append(f"p:{head}")
            query.sound_like.append(letters)
            break
    if len(letters) < 2:
        raise UserError(_("拼音请至少输入两个字母。"), field="q")
    query.some.append(asked)
    query.by = "pinyin"


def _splits(letters: str) -> bool:
    """Return whether ``letters`` is a row of whole syllables."""
    reached = {0}
    for end in range(1, len(letters) + 1):
        if any(start in reached and letters[start:end] in _syllables() for start in range(max(0, end - 6), end)):
            reached.add(end)
    return len(letters) in reached
