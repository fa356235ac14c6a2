"""The end of a case: verified by another, judged by the resident, reviewed once, reopened when it is back."""

from __future__ import annotations

from collections.abc import Iterable

from linli.affairs.cases.models import Attempt, Case, Exclusion, Verdict
from linli.affairs.cases.policy import CallBack, Sources
from linli.affairs.cases.process import CASE
from linli.affairs.cases.services import draws
from linli.affairs.cases.services.intake import above, attach_photos
from linli.affairs.cases.services.merging import parents_concluded
from linli.affairs.cases.services.routing import open_tasks
from linli.affairs.cases.services.telling import tell_holder, tell_reporter
from linli.kernel import policy
from linli.kernel.areas.models import Level
from linli.kernel.matters import Transition, perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import system_actor
from linli.kernel.posts.models import Unit


@CASE.on("gather")
def gathered(t: Transition) -> None:
    """All units have answered. Who looks: the community, or the street where the community itself handled."""
    tasks = t.cause.beside if t.cause else []
    remember_handlers(t, tasks)
    community = t.matter.held_area_id or t.matter.area_id
    handled_there = any(task.held_unit is not None and task.held_unit.area_id == community for task in tasks)
    if handled_there and t.matter.held_area and t.matter.held_area.level != Level.DISTRICT:
        t.hold(area=above(community).id)
    else:
        t.hold(area=community)
    tell_holder(t)


def remember_handlers(t: Transition, tasks: Iterable[Matter]) -> None:
    """Whoever handled a task has handled the case: none of them verifies it."""
    ids = {person for task in tasks for person in task.handler_ids}
    t.matter.handler_ids = [*dict.fromkeys([*t.matter.handler_ids, *ids])]


@CASE.on("verify")
def verified(t: Transition) -> None:
    """Seen to be done, by somebody who did not do it; now the reporter is asked."""
    attach_photos(t, "proof")
    if t.matter.reworks == 0:
        t.tally("first_pass")
    conclude(t)


@CASE.on("explain")
def explained(t: Transition) -> None:
    """Policy or circumstances do not allow it; approved by a second person. The reporter is asked all the same."""
    t.detail.outcome = "explained"
    t.detail.result = f"{t.data['tell']}（{t.data['basis']}）"
    conclude(t)


def conclude(t: Transition) -> None:
    """Go to the call-back, or to the archive where nobody waits; followers come along."""
    following = t.matter
    if somebody_waits(t.matter, t.detail):
        t.hold(area=t.matter.held_area_id)
        tell_reporter(t, "case.verified")
    else:
        t.then(lambda: _archive(following))
    t.then(lambda: parents_concluded(following))


def _archive(matter: Matter) -> None:
    perform(actor=system_actor(), matter=matter, action="archive")


def somebody_waits(matter: Matter, detail: Case) -> bool:
    """Return whether a reporter waits for the outcome: known, or behind a secret link."""
    return matter.reporter_id is not None or policy.get(Sources).channels[detail.channel].resident


@CASE.on("follow")
def followed(t: Transition) -> None:
    """What it followed was verified: this reporter is asked for a verdict of their own, and so are its followers'."""
    links = t.matter.relations_up.filter(undone_at=None, parent__kind=CASE.kind)
    main = links.select_related("parent__case").first()
    if main is not None:
        t.detail.result = main.parent.case.result
    conclude(t)


@CASE.on("next_phase")
def next_phase(t: Transition) -> None:
    """This phase is done (围护, 修复 …); the next is dispatched with its own limit."""
    t.detail.phase += 1
    attach_photos(t, "proof")


@CASE.on("rework")
def rework(t: Transition) -> None:
    """Back to the same units, with what is missing; counted."""
    t.matter.reworks += 1
    attach_photos(t, "before")
    assistants = Unit.objects.filter(
        tasks__matter__parent=t.matter, tasks__role="assist", tasks__matter__stage="answered_back"
    ).distinct()
    if t.detail.lead_unit is not None:
        open_tasks(t, t.detail.lead_unit, assistants)


@CASE.on("judge")
def judged(t: Transition) -> None:
    """The reporter's own verdict."""
    conclude_with(t, t.data["outcome"], t.data["satisfied"], channel="link")


@CASE.on("take_verdict")
def verdict_taken(t: Transition) -> None:
    """The reporter's verdict by another's hand; a share is asked again."""
    t.write(Attempt(case=t.detail, at=t.at, channel=t.data["channel"], post=t.actor.post, reached=True))
    conclude_with(t, t.data["outcome"], t.data["satisfied"], channel=t.data["channel"], by_staff=True)


@CASE.on("give_up")
@CASE.on("close_unjudged")
def not_confirmed(t: Transition) -> None:
    """Nobody could be reached: no effective call-back, and no exclusion either."""
    conclude_with(t, "not_confirmed", "", channel="none", by_staff=True)


@CASE.on("archive")
def archived(t: Transition) -> None:
    """Nobody waited for it."""
    t.detail.outcome = t.detail.outcome or "verified"


def conclude_with(t: Transition, outcome: str, satisfied: str, *, channel: str, by_staff: bool = False) -> None:
    """Write the verdict down; *explained* stays explained whatever the reporter says of it."""
    case: Case = t.detail
    settled = "explained" if case.outcome == "explained" and outcome != "solved" else outcome
    case.outcome, case.satisfied = settled, satisfied
    check = by_staff and outcome != "not_confirmed" and draws.falls(t.matter.pk, t.pinned(CallBack).called_again)
    t.write(
        Verdict(case=case, at=t.at, outcome=settled, satisfied=satisfied, channel=channel, by_staff=by_staff,
                to_check=check, post=t.actor.post)
    )  # fmt: skip


@CASE.on("try_call")
def tried(t: Transition) -> None:
    """An attempt that reached nobody."""
    t.write(
        Attempt(
            case=t.detail, at=t.at, channel=t.data["channel"], post=t.actor.post, reached=False, note=t.data["note"]
        )
    )


@CASE.on("dispute")
@CASE.on("take_dispute")
def disputed(t: Transition) -> None:
    """One review by the level above, on site."""
    attach_photos(t, "before")
    t.hold(area=above(t.matter.held_area_id).id)
    t.tally("disputed")
    tell_holder(t)


@CASE.on("redo")
def redone(t: Transition) -> None:
    """The reviewer agrees with the reporter: handled again, from the level that reviewed."""
    t.detail.reviewed = True
    t.detail.phase = 1
    attach_photos(t, "proof")


@CASE.on("uphold")
def upheld(t: Transition) -> None:
    """A reasoned decision ends it as *not solved, explained*, never as *solved*."""
    t.detail.reviewed = True
    t.detail.outcome = "explained"
    t.detail.result = t.data["decision"]
    attach_photos(t, "proof")
    conclude_with(t, "explained", "", channel="review", by_staff=True)
    tell_reporter(t, "case.upheld")


@CASE.on("reopen")
def reopened(t: Transition) -> None:
    """Back again: the same matter, the same resident's clock, and what was counted as closed is open."""
    t.detail.reopened += 1
    t.detail.outcome = t.detail.satisfied = ""
    t.detail.phase = 1
    attach_photos(t, "before")
    t.tally("reopened")
    tell_holder(t)


@CASE.on("exclude")
def excluded(t: Transition) -> None:
    """It leaves the adjusted rates, on the record; the raw rates keep it."""
    t.write(Exclusion(case=t.detail, code=t.data["code"], basis=t.data["basis"], at=t.at))
