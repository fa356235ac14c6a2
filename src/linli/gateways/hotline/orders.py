"""One order: from a row of text to what a case needs, with every problem by row and column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from linli.affairs.cases.policy import Categories
from linli.gateways.hotline.policy import Column, Layout, Layouts
from linli.kernel import areas, clock, policy
from linli.kernel.areas.models import Level
from linli.kernel.errors import UserError
from linli.kernel.people import phones

Row = dict[str, str]
"""A row by our field names: ``{"number": …, "content": …}``."""

SUFFIXES = re.compile(r"(街道办事处|社区居民委员会|社区居委会|居民委员会|村民委员会|居委会|村委会|街道|社区|村|镇|乡)$")
MOMENT = re.compile(r"(\d{4})[年/.-](\d{1,2})[月/.-](\d{1,2})日?(?:[ T]*(\d{1,2})[:：时](\d{1,2})?)?")
LONGEST = {"number": 60, "content": 1000, "caller": 40, "spot": 120}


@dataclass(frozen=True)
class Problem:
    """Something wrong with a row. A row with an ``error`` is not imported; a ``warning`` says what will be missing."""

    row: int
    column: str
    value: str
    level: Literal["error", "warning"]
    text: str


@dataclass
class Read:
    """A row that was read: its data for a case, and its problems. ``line`` is the row's number in the file."""

    line: int
    row: Row
    data: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def number(self) -> str:
        """The order's own number."""
        return self.row.get("number", "")

    @property
    def usable(self) -> bool:
        """Whether it can be imported."""
        return all(problem.level != "error" for problem in self.problems)


def layout_of(system: str) -> Layout:
    """Return the layout of a system. Raises :class:`UserError` for one that policy does not list."""
    found = policy.get(Layouts).systems.get(system)
    if found is None:
        known = "、".join(policy.get(Layouts).systems)
        raise UserError(
            _("没有系统 %(system)s 的版式；现有：%(known)s。") % {"system": system, "known": known}, field="system"
        )
    return found


def named(layout: Layout, cells: Mapping[str, str]) -> Row:
    """Return a row of a file by our field names; columns that the layout does not know are left out."""
    return {name: cells.get(heading, "") for name, heading in layout.headings.items()}


def read_all(system: str, rows: Sequence[tuple[int, Row]]) -> list[Read]:
    """Read (line, row) pairs; a number that stands twice is used once, or refused when the rows differ."""
    layout = layout_of(system)
    seen: dict[str, Read] = {}
    found = []
    for line, row in rows:
        one = read(system, layout, line, row)
        first = seen.setdefault(one.number, one) if one.number else one
        if first is not one:
            same = first.row == one.row
            text = _("与第%(line)d行重复，只导入一次。") if same else _("与第%(line)d行同号而内容不同，请只留一行。")
            level: Literal["error", "warning"] = "warning" if same else "error"
            heading = layout.column("number")
            one.problems.append(Problem(line, heading, one.number, level, text % {"line": first.line}))
            if not same:
                text = _("与第%(line)d行同号而内容不同，请只留一行。") % {"line": line}
                first.problems.append(Problem(first.line, heading, one.number, "error", text))
        found.append(one)
    return found


def read(system: str, layout: Layout, line: int, row: Row) -> Read:
    """Read one row: place, category, deadline, caller."""
    one = Read(line, row)

    def tell(name: Column, level: Literal["error", "warning"], text: str) -> None:
        one.problems.append(Problem(line, layout.column(name), row.get(name, ""), level, text))

    for name in layout.required:
        if not row.get(name):
            tell(name, "error", _("不能为空。"))
    number = row.get("number", "")
    if len(number) > LONGEST["number"]:
        tell("number", "error", _("编号超过%(n)d个字符。") % {"n": LONGEST["number"]})
    content = row.get("content", "")
    if len(content) > LONGEST["content"]:
        tell("content", "warning", _("超过%(n)d字，案件中只留前面部分，原文仍在工单里。") % {"n": LONGEST["content"]})
    one.data = {
        "channel": layout.channel,
        "external_system": system,
        "external_number": number,
        "description": content[: LONGEST["content"]],
        "caller": row.get("caller", "")[: LONGEST["caller"]],
        "place": row.get("spot", "")[: LONGEST["spot"]],
    }
    _place(one, tell)
    _category(one, layout, tell)
    _due(one, tell)
    _phone(one, tell)
    return one


def _place(one: Read, tell: Any) -> None:
    """Find the community, or the street where only that is known; say what does not exist here."""
    tree = areas.tree()
    street_name, community_name = one.row.get("street", ""), one.row.get("community", "")
    street = _only(tree.of_level(Level.STREET), street_name)
    if street_name and street is None:
        tell("street", "warning" if community_name else "error", _("本区没有这个街道（乡镇）。"))
    within = street.code if street else ""
    community = _only(tree.of_level(Level.COMMUNITY, within=within), community_name)
    if community_name and community is None:
        text = _("对不上社区（村），先放到街道，由街道确定。") if street else _("本区没有这个社区（村），或有重名。")
        tell("community", "warning" if street else "error", text)
        if street and not one.data["place"]:
            one.data["place"] = community_name
    node = community or street
    if node is not None:
        one.data["area"] = node.code
    elif not street_name and not community_name:
        tell("community", "error", _("没有写街道和社区，不知道交给谁。"))


def _only(nodes: Sequence[areas.Node], name: str) -> areas.Node | None:
    """Return the one area of that name, with or without what such names end in; ``None`` for none or several."""
    if not name:
        return None
    exact = [node for node in nodes if node.name == name]
    near = exact or [node for node in nodes if bare(node.name) == bare(name)]
    return near[0] if len(near) == 1 else None


def bare(name: str) -> str:
    """Return a name without spaces and without what names of streets and communities end in."""
    text = re.sub(r"\s", "", name)
    while len(text) > 2 and (shorter := SUFFIXES.sub("", text)) != text and len(shorter) >= 2:
        text = shorter
    return text


def _category(one: Read, layout: Layout, tell: Any) -> None:
    """Map their classification to ours: by policy in full or by its last level, else by the same name."""
    given = one.row.get("category", "")
    if not given:
        return
    table = policy.get(Categories)
    last = given.split(layout.separator)[-1].strip()
    code = layout.categories.get(given) or layout.categories.get(last)
    if code is None:
        code = next((c.code for c in table.categories if c.name == last), None)
    if code in table.by_code:
        one.data["category"] = code
    else:
        tell("category", "warning", _("没有对应的类别，先按描述猜，由社区立案时确定。"))


def _due(one: Read, tell: Any) -> None:
    given = one.row.get("due", "")
    if not given:
        return
    moment = moment_of(given)
    if moment is None:
        tell("due", "error", _("期限读不出来，应如 2026-11-24 17:30。"))
    else:
        one.data["external_due"] = moment.isoformat()


def moment_of(text: str) -> datetime | None:
    """Return the moment that people write in many ways, by China's clock; a day alone means its end."""
    try:
        exact = parse_datetime(text)
        if exact is not None:
            return clock.local(exact) if exact.tzinfo else exact.replace(tzinfo=clock.CHINA)
        found = MOMENT.fullmatch(text.strip())
        if found is None:
            return None
        year, month, day, hour, minute = found.groups()
        if hour is None:
            return datetime(int(year), int(month), int(day), 23, 59, tzinfo=clock.CHINA)
        return datetime(int(year), int(month), int(day), int(hour), int(minute or 0), tzinfo=clock.CHINA)
    except (ValueError, OverflowError):
        return None


def _phone(one: Read, tell: Any) -> None:
    given = one.row.get("phone", "")
    if not given:
        return
    try:
        one.data["caller_phone"] = phones.normalise(given)
    except UserError as error:
        tell("phone", "warning", _("%(why)s 导入后没有电话，不能回访。") % {"why": error.message})
