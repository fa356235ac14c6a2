"""``proposals.rules``: kinds, limits and results of suggestions and proposals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from linli.kernel import policy
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Code, Text
from linli.kernel.policy.shapes import WrittenLimit

BodyKind = Literal["congress", "cppcc"]


class Kind(Item):
    """A kind of paper that must be answered: how it is called, how its proposers are addressed, by when."""

    title: Text
    short: Text
    """建议 or 提案."""
    proposer: Text
    """代表 or 委员."""
    reply: WrittenLimit


class Result(Item):
    """A class of result (办理类型) with what it means."""

    title: Text
    words: Text


@policy.document("proposals.rules", title="建议提案办理")
class ProposalRules(Document):
    """How suggestions and proposals are answered here."""

    kinds: Mapping[Code, Kind] = Field(min_length=1)
    results: Mapping[Code, Result] = Field(min_length=1)
    opinion: WrittenLimit
    """How long a co-handling unit may take."""
    feedback: WrittenLimit
    """How long the proposer's word is waited for after the reply."""
    contact_before_reply: bool = True
    """Whether a reply is signed only after the proposer was spoken with."""
    redo: int = Field(1, ge=0, le=3)
    """How often an unsatisfied proposer's paper is handled again."""
    extensions: int = Field(1, ge=0, le=3)
    source_code: Code
    """The source (哨源) under which a whistle is blown for a proposal."""
