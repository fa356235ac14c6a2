"""What an appeal does: opened by the unit's share, decided above, and a wrong card is added up anew."""

from __future__ import annotations

from copy import copy
from decimal import Decimal

from django.utils.translation import gettext as _

from linli.affairs.objections.models import Objection
from linli.affairs.whistles.appeals.forms import FALSE_CLOSING
from linli.affairs.whistles.appeals.process import APPEAL
from linli.affairs.whistles.models import Appeal, ReportIn
from linli.affairs.whistles.policy import Scorecard
from linli.affairs.whistles.process import REPORT_IN
from linli.affairs.whistles.services.scoring import total
from linli.kernel import areas, clock, policy
from linli.kernel.matters import Transition


@REPORT_IN.on("appeal")
def appealed(t: Transition) -> None:
    """Open the appeal under the unit's share."""
    t.open(APPEAL, "lodge", {})


@APPEAL.on("lodge")
def lodged(t: Transition) -> None:
    """Keep what is contested, and hand it to who decides in the district."""
    outer = t.within
    if outer is None:
        raise ValueError("an appeal is opened by the share of a unit")
    appeal: Appeal = t.detail
    share: ReportIn = outer.detail
    appeal.share, appeal.part, appeal.reason = share, outer.data["part"], outer.data["reason"]
    appeal.before = share.score or Decimal(0)
    t.matter.title = (_("得分申诉：%(title)s") % {"title": outer.matter.title})[:120]
    t.hold(area=areas.tree().root.id)
    t.involve(share.unit_id)


@APPEAL.on("keep")
def kept(t: Transition) -> None:
    """The score stays, with the reason."""
    t.detail.decision, t.detail.decided_on = t.data["decision"], clock.local(t.at).date()


@APPEAL.on("correct")
def corrected(t: Transition) -> None:
    """The card is added up anew; the months already published stay, the next one names the correction.

    Whoever counts scores finds the share as it was under ``was``.
    """
    kept(t)
    appeal: Appeal = t.detail
    share = ReportIn.objects.select_related("matter__parent").get(pk=appeal.share_id)
    whistle = share.matter.parent
    if whistle is None:
        raise ValueError("a share belongs to a whistle")
    t.data["was"] = copy(share)
    if appeal.part == FALSE_CLOSING:
        share.false_closing = False
    else:
        share.parts = {**share.parts, appeal.part: str(t.data["points"])}
    groundless = Objection.objects.filter(about=whistle, unit=share.unit_id, sustained=False).exists()
    parts = {name: Decimal(points) for name, points in share.parts.items()}
    share.score = total(policy.pinned(whistle.pins, Scorecard), parts, share, groundless=groundless)
    share.save(update_fields=["parts", "score", "false_closing"])
    appeal.share, appeal.after = share, share.score
    t.tally("corrected", unit_id=share.unit_id)
