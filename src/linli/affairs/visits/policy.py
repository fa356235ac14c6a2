"""The shapes of the visits' policy; the values are in ``profiles/<district>/visits.*.yaml``."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, model_validator

from linli.kernel import policy
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Code, Complaint, Documents, Text, crosscheck
from linli.kernel.policy.shapes import Duties


@policy.document("visits.rules", title="走访规则")
class VisitRules(Document):
    """How many names a list has, after how long one tries again, how often the paired see each other."""

    most: int = Field(ge=5, le=100)
    """The longest list of a day."""
    expiring_most: int = Field(ge=0, le=50)
    """How many of it may be there only because a fact runs out: papers never push people off the list."""
    again_after: int = Field(ge=1, le=30)
    """Days after 家中无人 before the same door is knocked at again."""
    pairing_every: int = Field(ge=1, le=180)
    promise_at_most: int = Field(ge=1, le=366)
    round_at_most: int = Field(ge=7, le=366)


class Member(Item):
    """One of the seven: which kinds of post it is, its list of tasks and its list of responsibilities."""

    code: Code
    title: Text
    posts: tuple[Code, ...] = Field(min_length=1)
    handles: bool = True
    """False for who sees and comments only."""
    tasks: tuple[Text, ...] = Field(min_length=1)
    responsibilities: tuple[Text, ...] = Field(min_length=1)


@policy.document("visits.members", title="七员入网与两清单")
class GridMembers(Document):
    """Who belongs to a grid (七员入网), with the two lists of each (一网两清单)."""

    members: tuple[Member, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def codes_are_single(self) -> GridMembers:
        """Refuse a code written twice, or a kind of post that would be two members at once."""
        codes = [m.code for m in self.members]
        kinds = [kind for m in self.members for kind in m.posts]
        for found, what in ((codes, "成员"), (kinds, "岗位类型")):
            twice = sorted({code for code in found if found.count(code) > 1})
            if twice:
                raise ValueError(f"{what} {twice[0]} 写了两次")
        return self

    def of(self, kind: str) -> Member | None:
        """Return which member a kind of post is."""
        return next((m for m in self.members if kind in m.posts), None)


HANDLING = ("settler", "handler", "verifier", "visitor", "reporter")


@crosscheck
def members_are_posts_and_observers_do_nothing(documents: Documents) -> Iterator[Complaint]:
    """Find members of an unknown kind of post, and observers that carry a duty by which they would act."""
    members, duties = documents.get(GridMembers), documents.get(Duties)
    if members is None or duties is None:
        return
    for number, member in enumerate(members.members):
        for place, kind in enumerate(member.posts):
            where = ("members", number, "posts", place)
            if kind not in duties.post_kinds:
                yield Complaint(GridMembers.policy_name, where, "应为 posts.duties 中的岗位类型", kind)
            elif not member.handles and duties.by_post_kind[kind] & set(HANDLING):
                acts = sorted(duties.by_post_kind[kind] & set(HANDLING))
                yield Complaint(GridMembers.policy_name, where, "只看只提意见的成员不应有办理职责", "、".join(acts))
