"""What a round of supervision does: teams and areas, spot checks, problems to mend, advice to answer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.affairs.supervision.forms import ITEM
from linli.affairs.supervision.models import Advice, Finding, Round, SpotCheck, Team
from linli.affairs.supervision.process import ADVICE, FINDING, ROUND
from linli.kernel import areas
from linli.kernel.areas.models import Area
from linli.kernel.matters import Transition


@ROUND.on("plan")
def planned(t: Transition) -> None:
    """A round over the whole district; held by the inspectors' unit."""
    detail: Round = t.detail
    for name in ("decision", "checklist", "since", "until"):
        setattr(detail, name, t.data[name])
    t.matter.title = t.data["title"]
    t.place(areas.tree().root)
    t.hold(unit=t.actor.unit_id)


@ROUND.on("form_team")
def teamed(t: Transition) -> None:
    """A team goes out for some streets."""
    team = Team(round=t.detail, name=t.data["name"], officers=t.data["officers"], leader=t.actor.post)
    streets = Area.objects.filter(pk__in=[areas.tree().by_code(code).id for code in t.data["areas"]])
    t.write(team)
    t.then(lambda: team.areas.set(streets))


@ROUND.on("check")
def checked(t: Transition) -> None:
    """A spot check and what each point came to; what does not conform is entered as a problem by the inspector."""
    answers = {name.removeprefix(ITEM): value for name, value in t.data.items() if name.startswith(ITEM)}
    t.write(
        SpotCheck(
            round=t.detail, team=t.data["team"], area_id=t.data["node"].id, way=t.data["way"], at=t.at,
            answers=answers, note=t.data["note"],
        )
    )  # fmt: skip


@ROUND.on("find")
def found(t: Transition) -> None:
    """A problem becomes a matter of the unit that must mend it."""
    t.involve(t.data["unit"].pk)
    t.open(FINDING, "find", {})


@ROUND.on("advise")
def advised(t: Transition) -> None:
    """Advice becomes a matter of the unit that it is for; counted apart from problems."""
    t.involve(t.data["unit"].pk)
    t.open(ADVICE, "give", {})


@FINDING.on("find")
def begun(t: Transition) -> None:
    """A problem begins where it was found, with the unit that must mend it."""
    outer = _outer(t)
    detail: Finding = t.detail
    detail.round, detail.team, detail.unit = outer.detail, outer.data["team"], outer.data["unit"]
    detail.what, detail.must = outer.data["what"], outer.data["must"]
    _begin(t, outer, detail.what)


@ADVICE.on("give")
def given(t: Transition) -> None:
    """Advice begins where it was given, with the unit that it is for."""
    outer = _outer(t)
    detail: Advice = t.detail
    detail.round, detail.team, detail.unit = outer.detail, outer.data["team"], outer.data["unit"]
    detail.what = outer.data["what"]
    _begin(t, outer, detail.what)


def _outer(t: Transition) -> Transition:
    if t.within is None:
        raise ValueError("a finding or advice is opened by its round")
    return t.within


def _begin(t: Transition, outer: Transition, what: str) -> None:
    t.place(outer.data["node"])
    t.matter.title = _("%(place)s %(what)s") % {"place": outer.data["node"].name, "what": what}
    t.matter.title = t.matter.title[:120]
    t.hold(unit=outer.data["unit"].pk)


@FINDING.on("mend")
def mended(t: Transition) -> None:
    """The unit says that it is mended; the inspectors look."""
    t.detail.done = t.data["done"]
    if t.parent is not None and t.parent.held_unit_id is not None:
        t.hold(unit=t.parent.held_unit_id)


@FINDING.on("confirm")
def confirmed(t: Transition) -> None:
    """It is mended: counted on the day on which it was found, under the unit that mended it."""
    t.tally("mended", at=t.matter.opened_at, unit_id=t.detail.unit_id)


@FINDING.on("refuse")
def refused(t: Transition) -> None:
    """It is not: back to the unit, and counted."""
    t.matter.reworks += 1
    t.hold(unit=t.detail.unit_id)


@ADVICE.on("answer")
def answered(t: Transition) -> None:
    """The unit says whether and how it follows the advice."""
    t.detail.answer, t.detail.words = t.data["answer"], t.data["words"]
    t.tally(f"answered.{t.data['answer']}", at=t.matter.opened_at, unit_id=t.detail.unit_id)


@ROUND.on("conclude")
def concluded(t: Transition) -> None:
    """What it came to."""
    t.detail.summary = t.data["summary"]
