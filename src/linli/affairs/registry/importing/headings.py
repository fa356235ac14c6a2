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
BODY_FIELDS: dict[str, Any] = {
    "key": _("登记簿编号"), "name": _("名称"), "uscc": _("统一社会信用代码"), "category": _("类别"), "street": _("街道"),
    "community": _("社区"), "grid": _("网格"), "address": _("地址"), "phone": _("联系电话"),
    "business": _("经营或业务范围"), "opened_on": _("开始日期"),
}  # fmt: skip
BODY_WORDS: dict[str, tuple[str, ...]] = {
    "key": WORDS["key"],
    "name": ("名称", "企业名称", "单位名称", "组织名称", "机构名称", "商户名称", "店铺名称", "店名", "字号", "商铺名称", "公司名称",
             "社会组织名称", "党组织名称", "市场主体名称", "队伍名称"),
    "uscc": ("统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码", "注册号", "营业执照号", "统一代码", "USCC"),
    "category": ("类别", "类型", "组织类别", "组织类型", "主体类型", "单位类型", "企业类型", "性质", "单位性质"),
    "street": WORDS["street"], "community": WORDS["community"], "grid": WORDS["grid"],
    "address": ("地址", "经营地址", "经营场所", "注册地址", "单位地址", "住所", "详细地址", "门牌地址", "办公地址", "所在地"),
    "phone": ("联系电话", "电话", "单位电话", "手机", "联系方式", "负责人电话", "电话号码"),
    "business": ("经营范围", "业务范围", "经营或业务范围", "主营", "主营业务", "经营项目", "行业"),
    "opened_on": ("开始日期", "成立日期", "开业日期", "注册日期", "登记日期"),
}  # fmt: skip
_FIELDS: Mapping[str, Mapping[str, Any]] = {"residents": FIELDS, "bodies": BODY_FIELDS}
_BY_WORD = {
    kind: {word: field for field, words in known.items() for word in words}
    for kind, known in {"residents": WORDS, "bodies": BODY_WORDS}.items()
}
BODIES_NOT_KEPT = ("法定代表人", "法人", "负责人", "法人身份证号", "负责人身份证号", "注册资本", "年营业额", "员工名单")
"""Columns about people behind a body: who is in charge is entered on its card, as a registered resident."""
NOT_KEPT = ("民族", "政治面貌", "宗教信仰", "婚姻状况", "学历", "文化程度", "年收入", "血型", "曾用名", "籍贯")
"""Columns that forms often have and this registry leaves where they are: no function needs them."""
_NOISE = re.compile(r"[\s*＊:：、.。/\\_-]+|[(（\[【].*?[)）\]】]")


def plain(heading: Any) -> str:
    """Return a heading as compared: narrow, without blanks, stars and what stands in brackets."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", str(heading or "")))


def fields(kind: str = "residents") -> Mapping[str, Any]:
    """Return the fields of a kind of list, with their titles."""
    return _FIELDS[kind]


def field_of(heading: Any, kind: str = "residents") -> str:
    """Return the field a heading means in a kind of list, or nothing."""
    return _BY_WORD[kind].get(plain(heading), "")


@dataclass(frozen=True)
class Head:
    """The heading of a sheet: the labels of its columns, where data begins, and what each column was taken for."""

    labels: tuple[str, ...]
    data_from: int
    mapping: dict[str, int]
    kind: str = "residents"

    @property
    def signature(self) -> str:
        """By which the same headings are found again, for the same kind of list."""
        kind = "" if self.kind == "residents" else f"{self.kind}\x1e"
        return hashlib.sha256((kind + "\x1f".join(map(plain, self.labels))).encode()).hexdigest()

    @property
    def not_kept(self) -> list[str]:
        """Return the headings whose columns are left where they are, because no function needs them."""
        unwanted = NOT_KEPT if self.kind == "residents" else BODIES_NOT_KEPT
        return [label for label in self.labels if plain(label) in unwanted]


def find(rows: Sequence[tuple[int, Sequence[Any]]], kind: str = "residents") -> Head | None:
    """Return the heading among the first rows, one row or two (a merged one above its parts); ``None`` without one."""
    best: tuple[int, int, tuple[str, ...]] | None = None
    for at, (_line, cells) in enumerate(rows[:LOOK_AT]):
        one = _labels(cells)
        candidates = [(at + 1, one)]
        if at + 1 < len(rows):
            two = _two(one, _labels(rows[at + 1][1]), kind)
            if two is not None:
                candidates.append((at + 2, two))
        for data_from, labels in candidates:
            known = {field_of(label, kind) for label in labels} - {""}
            score = len(known)
            if "name" in known and (best is None or score > best[0]):
                best = (score, data_from, labels)
    if best is None:
        return None
    _score, data_from, labels = best
    return Head(labels, data_from, guess(labels, kind), kind)


def guess(labels: Sequence[str], kind: str = "residents") -> dict[str, int]:
    """Return which column is which field; of two that mean the same the first."""
    found: dict[str, int] = {}
    for at, label in enumerate(labels):
        field = field_of(label, kind)
        if field and field not in found:
            found[field] = at
    return found


def _labels(cells: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(cell or "").strip() for cell in cells)


def _two(upper: tuple[str, ...], lower: tuple[str, ...], kind: str) -> tuple[str, ...] | None:
    """Return the labels of a heading over two rows, or ``None`` when the second row is data already."""
    if not any(field_of(label, kind) for label in lower):
        return None
    width = max(len(upper), len(lower))
    above = [*upper, *[""] * (width - len(upper))]
    below = [*lower, *[""] * (width - len(lower))]
    return tuple(under or over for over, under in zip(above, below, strict=True))


def merged(head: Head, remembered: Mapping[str, int] | None) -> dict[str, int]:
    """Return the mapping to use: what was remembered for these headings, else what was guessed."""
    if not remembered:
        return dict(head.mapping)
    return {field: at for field, at in remembered.items() if field in fields(head.kind) and 0 <= at < len(head.labels)}
