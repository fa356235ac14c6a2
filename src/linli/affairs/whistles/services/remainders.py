"""What remains on account: kept until its date, done later, looked at by another."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.affairs.cases.services.intake import attach_photos
from linli.affairs.cases.services.telling import tell_holder
from linli.affairs.whistles.models import Remainder
from linli.affairs.whistles.process import REMAINDER
from linli.kernel import clock
from linli.kernel.matters import Transition


@REMAINDER.on("keep")
def kept(t: Transition) -> None:
    """It begins: what, why, until when, and what is done meanwhile."""
    outer = t.within
    if outer is None:
        raise ValueError("a remainder is split off a share")
    rest: Remainder = t.detail
    rest.unit_id = outer.detail.unit_id
    rest.what, rest.reason = outer.data["what"], outer.data["reason"]
    rest.meanwhile, rest.planned_on = outer.data["meanwhile"], outer.data["planned_on"]
    t.matter.title = _("挂账：%(what)s") % {"what": rest.what}
    t.matter.title = t.matter.title[:120]
    t.hold(unit=rest.unit_id)


@REMAINDER.on("finish")
def finished(t: Transition) -> None:
    """The unit says it is done; the community looks."""
    t.detail.result = t.data["result"]
    attach_photos(t, "after")
    t.hold(area=t.matter.area_id)


@REMAINDER.on("refuse")
def refused(t: Transition) -> None:
    """Not done: it lies with the unit again."""
    t.matter.reworks += 1
    t.hold(unit=t.detail.unit_id)
    tell_holder(t, returned=True)


@REMAINDER.on("postpone")
def postponed(t: Transition) -> None:
    """A later date was granted."""
    t.detail.planned_on = clock.local(t.data["due"]).date()


@REMAINDER.on("remind")
def reminded(t: Transition) -> None:
    """The planned date has come."""
    tell_holder(t, overdue=True)
