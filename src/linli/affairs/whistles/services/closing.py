"""The end of a whistle: gathered, verified by another, done again, evaluated."""

from __future__ import annotations

from decimal import Decimal

from linli.affairs.cases.services import parents_concluded
from linli.affairs.cases.services.intake import attach_photos, community_of
from linli.affairs.cases.services.telling import tell_holder
from linli.affairs.whistles.models import Grade, ReportIn, Whistle
from linli.affairs.whistles.process import REPORT_IN, WHISTLE
from linli.affairs.whistles.services import scoring
from linli.affairs.whistles.services.blowing import at_level, desk_of
from linli.kernel import areas
from linli.kernel.areas.models import Level
from linli.kernel.matters import Transition, perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import system_actor


@WHISTLE.on("gather")
def gathered(t: Transition) -> None:
    """Every unit has answered: the blower's side looks, and nobody who handled."""
    shares = Matter.objects.filter(parent=t.matter, kind=REPORT_IN.kind).select_related("report_in")
    people = [person for share in shares for person in share.handler_ids]
    t.matter.handler_ids = [*dict.fromkeys([*t.matter.handler_ids, *people])]
    lead = next((s for s in shares if s.stage == "replied" and s.report_in.role == ReportIn.Role.LEAD), None)
    if lead is not None:
        t.detail.result = lead.report_in.measures
    t.hold(area=t.detail.home_id)
    tell_holder(t)


@WHISTLE.on("verify")
def verified(t: Transition) -> None:
    """Seen to be done, by somebody who did not do it; the cases' reporters are asked, and the street evaluates."""
    attach_photos(t, "proof")
    if t.matter.reworks == 0:
        t.tally("first_pass")
    t.hold(area=at_level(areas.tree().by_id(t.detail.home_id), Level.STREET).id)
    following = t.matter
    t.then(lambda: parents_concluded(following))


@WHISTLE.on("rework")
def reworked(t: Transition) -> None:
    """Back to the units that are named; their shares are open again, so the whistle cannot close."""
    t.matter.reworks += 1
    attach_photos(t, "before")
    t.hold(area=desk_of(t.detail).id)
    shares = list(t.data["shares"])
    if t.data.get("false_closing"):
        ReportIn.objects.filter(pk__in=[share.pk for share in shares]).update(false_closing=True)
        t.tally("false_closing", len(shares))
    t.then(lambda: _redo(shares))


def _redo(shares: list[Matter]) -> None:
    for share in sorted(shares, key=lambda share: share.pk):
        perform(actor=system_actor(), matter=share, action="redo")


@WHISTLE.on("rate_units")
def rated_units(t: Transition) -> None:
    """The street's grade for each unit; then the affected community judges the whole."""
    bonus = Decimal(t.data.get("bonus") or 0)
    rewarded = {share.pk for share in t.data["bonus_to"]}
    for grade in Grade.values:
        for share in t.data[grade]:
            row: ReportIn = share.report_in
            row.street_grade, row.bonus = grade, bonus if share.pk in rewarded else Decimal(0)
            row.save(update_fields=["street_grade", "bonus"])
    t.hold(area=community_of(areas.tree().by_id(t.matter.area_id)).id)


@WHISTLE.on("rate_whole")
def rated_whole(t: Transition) -> None:
    """Those affected have spoken: each unit's card is added up."""
    t.detail.residents_grade = t.data["grade"]
    _score(t)


@WHISTLE.on("close_unrated")
def closed_unrated(t: Transition) -> None:
    """Nobody of the community said anything in time: the cards are added up without that part."""
    _score(t)


def _score(t: Transition) -> None:
    whistle: Whistle = t.detail
    scoring.score(t.matter, whistle, t.at)
    t.tally(f"rated.{whistle.residents_grade or 'none'}")


@WHISTLE.on("settle_duty")
def settled(t: Transition) -> None:
    """Whose it was after all, and who pays."""
    t.detail.duty_unit, t.detail.settled = t.data["unit"], t.data["settled"]
    t.tally("settled")
