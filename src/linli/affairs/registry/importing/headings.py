"""Which column is what: Chinese headings in any order, over one row or two, remembered from last time."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

LOOK_AT = 15
FIELDS: dict[str, Any] = {
    "key": _("登记簿编号"), "name": _("姓名"), "id_number": _("身份证号"), "phone": _("联系电话"), "sex": _("性别"),
    "born_on": _("出生日期"), "street": _("街道"), "community": _("社区"), "grid": _("网格"), "address": _("现住址"),
    "building": _("楼栋"), "unit": _("单元"), "room": _("室号"), "household": _("户号"), "relation": _("与户主关系"),
    "tags": _("标签"),
}  # fmt: skip
WORDS: dict[str, tuple[str, ...]] = {
    "key": ("登记簿编号", "系统编号勿改", "系统编号"),
    "name": ("姓名", "名字", "居民姓名", "人员姓名", "住户姓名", "成员姓名"),
    "id_number": ("身份证号", "身份证", "身份证号码", "公民身份号码", "公民身份证号码", "证件号码", "证件号", "居民身份证号"),
    "phone": ("联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "联系号码", "电话号码", "本人电话"),
    "sex": ("性别",),
    "born_on": ("出生日期", "出生年月", "出生年月日", "生日"),
    "street": ("街道", "所属街道", "乡镇", "镇街", "乡镇街道"),
    "community": ("社区", "所属社区", "村社区", "社区村", "村居", "居委会", "所在社区", "行政村"),
    "grid": ("网格", "所属网格", "网格编号", "网格名称", "网格编码", "所在网格"),
    "address": ("现住址", "住址", "家庭住址", "地址", "现住地址", "详细地址", "居住地址", "现住地", "现居住地", "居住地",
                "现居住地址", "门牌地址", "小区地址", "家庭地址"),
    "building": ("楼栋", "楼号", "幢", "栋", "楼栋号", "幢号", "栋号", "楼幢"),
    "unit": ("单元", "单元号"),
    "room": ("房号", "室号", "房间号", "房室号", "室", "门牌", "房屋号"),
    "household": ("户号", "户编号", "家庭编号", "户籍编号"),
    "relation": ("与户主关系", "关系", "家庭关系", "与户主的关系", "户主关系"),
    "tags": ("标签", "人员标签", "人员类别"),
}  # fmt: skip
_BY_WORD = {word: field for field, words in WORDS.items() for word in words}
NOT_KEPT = ("民族", "政治面貌", "宗教信仰", "婚姻状况", "学历", "文化程度", "年收入", "血型", "曾用名", "籍贯")
"""Columns that forms often have and this registry leaves where they are: no function needs them."""
_NOISE = re.compile(r"[\s*＊:：、.。/\\_-]+|[(（\[【].*?[)）\]】]")


def plain(heading: Any) -> str:
    """Return a heading as compared: narrow, without blanks, stars and what stands in brackets."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", str(heading or "")))


def field_of(heading: Any) -> str:
    """Return the field a heading means, or nothing."""
    return _BY_WORD.get(plain(heading), "")


@dataclass(frozen=True)
class Head:
    """The heading of a sheet: the labels of its columns, where data begins, and what each column was taken for."""

    labels: tuple[str, ...]
    data_from: int
    mapping: dict[str, int]

    @property
    def signature(self) -> str:
        """By which the same headings are found again."""
        return hashlib.sha256("\x1f".join(map(plain, self.labels)).encode()).hexdigest()

    @property
    def not_kept(self) -> list[str]:
        """Return the headings whose columns are left where they are, because no function needs them."""
        return [label for label in self.labels if plain(label) in NOT_KEPT]


def find(rows: Sequence[tuple[int, Sequence[Any]]]) -> Head | None:
    """Return the heading among the first rows, one row or two (a merged one above its parts); ``None`` without one."""
    best: tuple[int, int, tuple[str, ...]] | None = None
    for at, (_line, cells) in enumerate(rows[:LOOK_AT]):
        one = _labels(cells)
        candidates = [(at + 1, one)]
        if at + 1 < len(rows):
            two = _two(one, _labels(rows[at + 1][1]))
            if two is not None:
                candidates.append((at + 2, two))
        for data_from, labels in candidates:
            score = len({field_of(label) for label in labels} - {""})
            if score and "name" in {field_of(label) for label in labels} and (best is None or score > best[0]):
                best = (score, data_from, labels)
    if best is None:
        return None
    _score, data_from, labels = best
    return Head(labels, data_from, guess(labels))


def guess(labels: Sequence[str]) -> dict[str, int]:
    """Return which column is which field; of two that mean the same the first."""
    found: dict[str, int] = {}
    for at, label in enumerate(labels):
        field = field_of(label)
        if field and field not in found:
            found[field] = at
    return found


def _labels(cells: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(cell or "").strip() for cell in cells)


def _two(upper: tuple[str, ...], lower: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the labels of a heading over two rows, or ``None`` when the second row is data already."""
    if not any(field_of(label) for label in lower):
        return None
    width = max(len(upper), len(lower))
    above = [*upper, *[""] * (width - len(upper))]
    below = [*lower, *[""] * (width - len(lower))]
    return tuple(under or over for over, under in zip(above, below, strict=True))


def merged(head: Head, remembered: Mapping[str, int] | None) -> dict[str, int]:
    """Return the mapping to use: what was remembered for these headings, else what was guessed."""
    if not remembered:
        return dict(head.mapping)
    return {field: at for field, at in remembered.items() if field in FIELDS and 0 <= at < len(head.labels)}
