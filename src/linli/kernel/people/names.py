"""Names of people as written in China: with · and up to 25 characters, with rare characters, in Latin.

A name is kept as its owner writes it. Only what an input method varies is made one: the many dots that stand
for ·, full-width Latin letters, and spaces.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from linli.kernel.errors import UserError

LONGEST = 25
DOT = "·"

# what input methods give for the dot: bullet, hyphenation point, katakana dots, operators, full stops
_DOTS = re.compile(r"\s*[•‧∙⋅・･．●‣᛫·]\s*|(?<=[^\x00-\x7f])\s*\.\s*(?=[^\x00-\x7f])")
_SPACES = re.compile(r"[\s\u3000\u200b]+")
_HAN_GAP = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")
_VARIANT = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")

COMPOUND_SURNAMES = frozenset(
    """
    欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶
    太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良
    漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 南荣
    第五 纳兰 完颜
    """.split()  # noqa: SIM905 - a table to read, not seventy literals
)

#: Surnames read otherwise than the character alone; the sort key follows the surname.
_READINGS = {
    "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "盖": "ge", "区": "ou", "朴": "piao",
    "任": "ren", "曾": "zeng", "翟": "zhai", "乐": "yue", "员": "yun", "种": "chong", "秘": "bi",
    "缪": "miao", "冼": "xian", "洗": "xian", "繁": "po", "覃": "qin", "折": "she", "黑": "he",
    "召": "shao", "那": "na", "晁": "chao", "钭": "tou", "郇": "xun", "隗": "wei",
    "万俟": "mo qi", "尉迟": "yu chi", "澹台": "tan tai", "长孙": "zhang sun", "令狐": "ling hu",
    "鲜于": "xian yu", "亓官": "qi guan", "颛孙": "zhuan sun", "宰父": "zai fu",
}  # fmt: skip


def normalise(name: str) -> str:
    """Return ``name`` with one kind of dot, one space between Latin words, none between Han characters."""
    text = "".join(_narrow(character) for character in name)
    text = _SPACES.sub(" ", text).strip()
    text = _DOTS.sub(DOT, text)
    return _HAN_GAP.sub("", text)


def _narrow(character: str) -> str:
    # full-width Latin only: NFKC on the whole would replace rare characters of the compatibility blocks
    return unicodedata.normalize("NFKC", character) if "！" <= character <= "～" else character


def length(name: str) -> int:
    """Return how many characters a reader counts: a variation selector is part of the one before it."""
    return len(_VARIANT.sub("", name))


def check(name: str) -> str:
    """Return ``name`` normalised. Raises :class:`UserError` on ``name`` when nobody can be called that."""
    text = normalise(name)
    if not text:
        raise UserError(_("请填写姓名。"), field="name")
    if length(text) > LONGEST:
        raise UserError(_("姓名最长25个字；请核对后重新填写。"), field="name")
    if not all(_belongs(character) for character in text):
        raise UserError(_("姓名里有不能用的符号；请只填写文字，间隔用“·”。"), field="name")
    return text


def _belongs(character: str) -> bool:
    # Lo covers Han with all its extensions, Co the private area in which some registers keep rare characters
    return character in f"{DOT} -'" or unicodedata.category(character) in {"Lo", "Lu", "Ll", "Lm", "Mn", "Co"}


def surname(name: str) -> str:
    """Return the family name of a Han name (two characters for compound ones), else the first character."""
    if name[:2] in COMPOUND_SURNAMES and length(name) > 2:
        return name[:2]
    return name[:1]


@lru_cache(maxsize=4096)
def sort_key(name: str) -> str:
    """Return the pinyin by which ``name`` sorts and is found: by syllables, the surname read as a surname.

    The embedded database has no ICU, so names sort by this stored key. Rare characters without a reading
    stay themselves and sort after the others.
    """
    if not name:
        return ""
    import pypinyin

    family = surname(name)
    reading = _READINGS.get(family)
    rest = name[len(family) :] if reading else name
    syllables: list[str] = pypinyin.lazy_pinyin(rest.replace(DOT, " "), errors=_unread)
    words = ([reading] if reading else []) + [part for s in syllables if (part := s.strip())]
    return " ".join(words)


def _unread(text: str) -> Any:
    """Return what pypinyin cannot read, character by character; Latin words stay words."""
    return text.lower().split() if text.isascii() else list(text)


def initials(key: str) -> str:
    """Return the first letters of a sort key: ``zhang san`` → ``zs``."""
    return "".join(word[0] for word in key.split())


def grams(name: str) -> list[str]:
    """Return the character pairs of ``name`` (a single character for itself), for the search index.

    Two-character names, the usual query, defeat trigrams; an array of pairs under GIN answers them.
    """
    text = name.replace(DOT, "").replace(" ", "").lower()
    return sorted({text[i : i + 2] for i in range(len(text) - 1)} or ({text} if text else set()))
