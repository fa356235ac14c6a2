"""How other systems lay out their orders: a policy document, because every city's export is a little different.

The field set is that of a published order file (R36): 工单编号, 类型, 问题分类 in levels, 标签, 标题, 主要内容,
状态, 来电人, 电话, 被反映区, 街乡镇, 村/社区, 小区点位, 办理结果, 回复内容, 受理方式, 办结时间, 企业名称, 是否解决,
是否满意, 工单性质.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from linli.affairs.cases.policy import Categories, Sources
from linli.kernel import policy
from linli.kernel.policy import Complaint, Document, Documents, Item, Shape
from linli.kernel.policy.documents import Code, Text

Column = Literal[
    "number", "kind", "category", "tags", "title", "content", "state", "caller", "phone", "district", "street",
    "community", "spot", "received_by", "received_at", "due", "company", "nature", "result", "reply", "closed_at",
    "solved", "satisfied",
]  # fmt: skip
REPLIES: tuple[Column, ...] = ("state", "result", "reply", "closed_at", "solved", "satisfied")
"""The columns that we fill in and they read; what stands in them on the way in is not a change."""


class Heading(Shape):
    """A column of the file: which field it is to us, and what it is called there."""

    field: Column
    name: Text


class Layout(Item):
    """One system's file: what each of our fields is called there, and its words for what we say."""

    title: Text
    channel: Code
    columns: tuple[Heading, ...] = Field(min_length=2)
    """In the order of the file; replies go out in the same."""
    required: tuple[Column, ...] = ("number", "content")
    separator: Text = "->"
    categories: Mapping[Text, Code] = Field(default_factory=dict)
    """Their classification, in full or its last level, to ours."""
    results: Mapping[Text, Text]
    """What a unit answered (done, partly, staged, cannot) in their words."""
    solved: Mapping[Text, Text]
    satisfied: Mapping[Text, Text]
    states: Mapping[Literal["open", "closed"], Text]

    @model_validator(mode="after")
    def has_what_is_required(self) -> Layout:
        """Refuse a layout without a column for what every order must have, or with two columns of one name."""
        for name in (*self.required, "number", "content"):
            if name not in self.headings:
                raise ValueError(f"columns 中缺少 {name}")
        if len(set(self.headings.values())) != len(self.columns):
            raise ValueError("columns 中有两栏同名，或一个字段有两栏")
        return self

    @cached_property
    def headings(self) -> dict[Column, str]:
        """What each of our fields is called there, in the order of the file."""
        return {column.field: column.name for column in self.columns}

    def column(self, name: str) -> str:
        """Return what a field is called there; our own name where the file has no such column."""
        return next((heading for field, heading in self.headings.items() if field == name), name)


@policy.document("hotline.layouts", title="外部工单版式")
class Layouts(Document):
    """The systems whose orders come in, by code."""

    systems: Mapping[Code, Layout] = Field(min_length=1)


@policy.crosscheck
def channels_and_categories_are_known(documents: Documents) -> Iterator[Complaint]:
    """Find layouts that lead to a channel or a category the district does not have."""
    layouts, sources, categories = documents.get(Layouts), documents.get(Sources), documents.get(Categories)
    for code, layout in layouts.systems.items() if layouts else ():
        if sources is not None and layout.channel not in sources.channels:
            place: tuple[str | int, ...] = ("systems", code, "channel")
            yield Complaint("hotline.layouts", place, "应为 cases.sources 中的渠道", layout.channel)
        for theirs, ours in layout.categories.items():
            if categories is not None and ours not in categories.by_code:
                place = ("systems", code, "categories", theirs)
                yield Complaint("hotline.layouts", place, "应为 cases.categories 中的类别", ours)
