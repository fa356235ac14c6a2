"""What a street's opinion on staffing does: only the street and the unit read it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.affairs.cases.services.telling import tell_holder
from linli.affairs.whistles.models import StaffOpinion
from linli.affairs.whistles.powers.process import OPINION
from linli.kernel import areas
from linli.kernel.matters import Transition


@OPINION.on("give")
def given(t: Transition) -> None:
    """Kept for who takes part, and handed to the unit."""
    detail: StaffOpinion = t.detail
    for name in ("unit", "post_title", "occasion", "view", "reason"):
        setattr(detail, name, t.data[name])
    t.matter.title = _("人事意见：%(unit)s") % {"unit": detail.unit.name}
    t.matter.restricted = True
    tree = areas.tree()
    home = t.actor.post.unit.area_id if t.actor.post else None
    t.place(tree.find_id(home) or tree.root if home else tree.root)
    t.hold(unit=detail.unit.pk)
    if t.actor.unit_id is not None:
        t.involve(t.actor.unit_id)


@OPINION.on("reply")
def replied(t: Transition) -> None:
    """Whether the unit follows it."""
    t.detail.adopted, t.detail.reply = t.data["adopted"], t.data.get("reply") or ""


@OPINION.on("remind")
def reminded(t: Transition) -> None:
    """Nobody answered in time."""
    tell_holder(t, overdue=True)
