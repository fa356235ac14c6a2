"""``registry.tags``: the reviewed dictionary. Nothing can be said of a person that it does not have."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from linli.kernel import policy
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Code, Text

TagGroup = Literal["care", "role", "service"]

REFUSED = (
    "重点人员",
    "信访",
    "上访",
    "维稳",
    "刑释",
    "刑满",
    "社区矫正",
    "吸毒",
    "精神",
    "邪教",
    "宗教",
    "民族",
    "前科",
    "涉稳",
)
"""Words of lists that this product does not keep; a dictionary that contains one does not load (docs/register.md)."""


class TagWord(Item):
    """A word that may be said of a person: why, for what, by whom it is kept, and for how long.

    ``visits_every`` is how often whoever is tagged so wants a visit, in days; ``consent`` asks for the person's own.
    """

    code: Code
    title: Text
    group: TagGroup
    basis: Text
    purpose: Text
    holder: Code
    """The duty whose posts keep this tag."""
    days: int = Field(ge=1, le=1095)
    visits_every: int | None = Field(default=None, ge=1, le=366)
    consent: bool = False


@policy.document("registry.tags", title="标签字典")
class TagDictionary(Document):
    """Tags on residents, each reviewed: basis, purpose, holder, expiry."""

    reviewed: Text
    """Who reviewed the dictionary, and when."""
    tags: tuple[TagWord, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def words_are_lawful_and_single(self) -> TagDictionary:
        """Refuse a code written twice, and any word of a list that must not be kept on persons."""
        codes = [word.code for word in self.tags]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"标签 {twice[0]} 写了两次")
        for word in self.tags:
            bad = [refused for refused in REFUSED if refused in word.title + word.purpose]
            if bad:
                raise ValueError(f"标签“{word.title}”不能设立：本系统不对个人标注“{bad[0]}”")
        return self

    @cached_property
    def by_code(self) -> dict[str, TagWord]:
        """The words by their code."""
        return {word.code: word for word in self.tags}

    @cached_property
    def by_title(self) -> dict[str, TagWord]:
        """The words by what they are called."""
        return {word.title: word for word in self.tags}

    def title(self, code: str) -> str:
        """Return what a tag is called; its code when the dictionary no longer has it."""
        word = self.by_code.get(code)
        return word.title if word else code
