"""``posts.duties``: which kinds of post carry which duty (C46, A19, B31)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from linli.kernel.policy.documents import Code, Document, Item, Text, document

Level = Literal["district", "street", "community", "grid"]


class PostKind(Item):
    """A kind of post: what it is called, and at which level and in which kind of unit it is found."""

    title: Text
    level: Level
    unit: Literal[
        "centre",
        "department",
        "street_office",
        "station",
        "community",
        "party",
        "enterprise",
        "social",
        "team",
    ]
    paid: bool = True
    says: str = ""


class Duty(Item):
    """A duty, and the kinds of post that carry it. Processes name duties; nobody names posts."""

    title: Text
    posts: tuple[Code, ...] = Field(min_length=1)
    says: str = ""


@document("posts.duties", title="岗位与职责")
class Duties(Document):
    """Kinds of post, duties, and who carries what."""

    post_kinds: Mapping[Code, PostKind] = Field(min_length=1)
    duties: Mapping[Code, Duty] = Field(min_length=1)

    @model_validator(mode="after")
    def every_post_is_known(self) -> Duties:
        """Refuse a duty given to a kind of post that is not listed."""
        for code, duty in self.duties.items():
            for kind in duty.posts:
                if kind not in self.post_kinds:
                    raise ValueError(f"职责 {code} 的岗位 {kind} 应在 post_kinds 中列出")
        return self

    @cached_property
    def by_post_kind(self) -> Mapping[str, frozenset[str]]:
        """The duties of each kind of post."""
        return {
            kind: frozenset(code for code, duty in self.duties.items() if kind in duty.posts)
            for kind in self.post_kinds
        }
