"""``volunteering.rules``: what can be published, how it is proven, how hours are counted, what is looked at again.

The Ministry's order (民政部令第67号) and MZ/T 061 say what a record holds and that its unit is the hour; how hours are
rounded, how near is near and how long one may appeal are not in the sources: the shipped values are samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from linli.affairs.honor.policy import HonorRules
from linli.kernel import policy
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Code, Complaint, Documents, Text, crosscheck
from linli.kernel.policy.shapes import WrittenLimit

Proof = Literal["check_in", "photo", "sheet"]


class Sort(Item):
    """A kind of activity or task: the rule of ``honor.rules`` that it earns by, and how it is proven."""

    title: Text
    rule: Code | Literal[""] = ""
    """"" for what earns no points, only hours."""
    per: Literal["time", "hour"] = "time"
    proof: Proof
    hours: bool = True
    """Whether it counts as hours of service: taking part in a party does not."""
    task: bool = False
    """A points task (积分任务): no fixed hour, done whenever between the two dates."""


class Place(Item):
    """How far from the place a check-in may be, in metres: near, looked at by a person, refused."""

    near: int = Field(gt=0)
    refused: int = Field(gt=0)


class Watch(Item):
    """From when on something is shown to a person. A flag takes nothing from anybody."""

    fastest_kmh: int = Field(gt=0)
    """Between two check-ins of one person, faster than this is no journey."""
    always: int = Field(ge=5)
    """So many confirmations of one post in :attr:`days`, without a single refusal or correction."""
    days: int = Field(gt=0)
    again: Decimal = Field(ge=0, le=1)
    """The random share that another person looks at again."""


@policy.document("volunteering.rules", title="志愿服务规则")
class VolunteeringRules(Document):
    """Kinds of activities, hours, places, appeal, flags, teams, partners."""

    sorts: Mapping[Code, Sort] = Field(min_length=1)
    themes: Mapping[Code, Text] = Field(default_factory=dict)
    """What an activity may belong to, as the neighbours' festival with its six themes (H124)."""
    teams: Mapping[Code, Text] = Field(min_length=1)
    partners: Mapping[Code, Text] = Field(min_length=1)
    """三社联动: who works together (G105, G106)."""
    step_minutes: int = Field(gt=0, le=60)
    """Hours are counted in steps of so many minutes, never rounded up."""
    slack_minutes: int = Field(ge=0, le=120)
    """So long before the beginning one may check in, and after the end check out; the time counts."""
    longest_hours: int = Field(gt=0, le=24)
    """No single service counts for longer."""
    largest: int = Field(gt=0, le=100_000)
    """No activity has more places."""
    place: Place
    prove_within: WrittenLimit
    """How long after the end one may still hand in a proof."""
    appeal: WrittenLimit
    """How long a confirmed or refused service may be appealed against."""
    certificate_days: int = Field(gt=0)
    """How long the page behind a certificate's code answers."""
    grant_most_yuan: int = Field(gt=0)
    watch: Watch
    evidence: policy.Evidence = "c"
    source: str = ""

    @model_validator(mode="after")
    def near_is_nearer_than_refused(self) -> VolunteeringRules:
        """Refuse distances the wrong way round, and a task that would need somebody to scan a code."""
        if self.place.refused <= self.place.near:
            raise ValueError("place: refused 应大于 near")
        for code, sort in self.sorts.items():
            if sort.task and sort.proof == "check_in":
                raise ValueError(f"sorts.{code}: 积分任务没有签到，proof 应为 photo 或 sheet")
        return self


@crosscheck
def sorts_earn_by_rules_that_exist(documents: Documents) -> Iterator[Complaint]:
    """Find kinds of activities whose points rule is not in ``honor.rules``, or is none for residents."""
    rules, honor = documents.get(VolunteeringRules), documents.get(HonorRules)
    if rules is None or honor is None:
        return
    for code, sort in rules.sorts.items():
        behaviour = honor.behaviours.get(sort.rule) if sort.rule else None
        if sort.rule and (behaviour is None or behaviour.holder != "resident"):
            where = ("sorts", code, "rule")
            yield Complaint(VolunteeringRules.policy_name, where, "应为 honor.rules 中居民的规则", sort.rule)
