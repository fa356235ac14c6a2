"""The cases that a whistle is blown from: they follow it, and close with their own reporters' verdicts."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from linli.affairs.cases.facts import answered_by
from linli.affairs.cases.process import CASE
from linli.affairs.cases.services.counting import count
from linli.affairs.whistles.models import ReportIn
from linli.affairs.whistles.process import REPORT_IN, WHISTLE
from linli.kernel.matters import Transition, acted, perform
from linli.kernel.matters.models import Matter, Relation
from linli.kernel.posts.actors import system_actor


def take_along(t: Transition, cases: Sequence[Matter]) -> None:
    """Let ``cases`` follow the whistle that begins; their reporters' clocks run on."""
    for case in cases:
        t.write(Relation(kind=Relation.Kind.CAUSE, child=case, parent=t.matter, made_at=t.at))
    t.then(lambda: _each(cases, "go_along"))


def let_go(t: Transition) -> None:
    """Let the cases that follow go their own way again: the whistle came to nothing."""
    following = list(followers(t.matter))
    t.then(lambda: _each(following, "come_back"))


def followers(whistle: Matter) -> Sequence[Matter]:
    """Return the cases that follow ``whistle``, in the order in which they were reported."""
    return list(
        Matter.objects.filter(
            relations_up__parent=whistle, relations_up__undone_at=None, kind=CASE.kind, stage="following"
        )
        .distinct()
        .order_by("pk")
    )


def _each(cases: Sequence[Matter], action: str) -> None:
    for case in cases:
        perform(actor=system_actor(), matter=case, action=action)


RESPONDED = frozenset({"call", "sign", "sign_for", "contact", "arrive", "arrive_for", "give_back", "recall"})
"""After which acts of a lead unit the cases that follow its whistle may count for another response than before."""

answered_by(Q(matter__report_in__role=ReportIn.Role.LEAD), "given_back")


def _count(t: Transition) -> None:
    """Let the cases that follow a whistle count as answered, or not, with its lead unit."""
    lead = t.process is REPORT_IN and t.action.name in RESPONDED and t.detail.role == ReportIn.Role.LEAD
    whistle = t.matter.parent_id if lead else t.matter.pk
    if whistle is not None and (lead or (t.process is WHISTLE and t.action.name == "redispatch")):
        count(whistle)


acted.connect(_count)


@CASE.on("follow")
def with_a_whistle(t: Transition) -> None:
    """The whistle this case followed was verified: its answer is what the reporter is asked about."""
    link = (
        t.matter.relations_up.filter(undone_at=None, parent__kind="whistle").select_related("parent__whistle").first()
    )
    if link is not None:
        t.detail.result = link.parent.whistle.result
        t.detail.lead_unit = link.parent.whistle.lead_unit
