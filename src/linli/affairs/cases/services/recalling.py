"""The second call: a share of the verdicts that staff entered is asked again by somebody else (C57)."""

from __future__ import annotations

from linli.affairs.cases.models import Attempt, Verdict
from linli.affairs.cases.process import CASE
from linli.kernel.matters import Transition


@CASE.on("call_again")
def called_again(t: Transition) -> None:
    """Write down what the reporter says this time; it counts from now on, and a difference is counted by itself."""
    case, said = t.detail, t.data["outcome"]
    t.write(
        Attempt(case=case, at=t.at, channel=t.data["channel"], post=t.actor.post, reached=True),
        Verdict(
            case=case,
            at=t.at,
            outcome=said,
            satisfied=t.data["satisfied"],
            channel=t.data["channel"],
            by_staff=True,
            post=t.actor.post,
        ),
    )
    t.tally("called_again")
    if said != case.outcome:
        t.tally("called_again.differs")
        t.record(before=case.outcome)
    case.outcome, case.satisfied = said, t.data["satisfied"]
