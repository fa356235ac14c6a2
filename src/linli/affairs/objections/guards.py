"""Why a unit cannot object now: it has had its say, the time is over, or the matter was decided for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from linli.affairs.objections.models import Objection
from linli.affairs.objections.terms import terms_of
from linli.kernel import clock, worktime
from linli.kernel.matters.models import Matter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def may_not_object(matter: Matter) -> StrOrPromise | None:
    """Return why the unit of this task cannot object: once for each unit and matter, in time, and not after a joint
    ruling."""
    earlier = list(Objection.objects.filter(about=matter.root_id).values_list("unit_id", "joint", "sustained"))
    if any(unit == matter.held_unit_id for unit, _joint, _sustained in earlier):
        return _("本单位对这件事已提过一次异议，每个单位只能提一次。")
    if any(joint and sustained is not None for _unit, joint, sustained in earlier):
        return _("联席会议已作裁定，为最终裁定，不能再提异议。")
    limits = terms_of(matter)
    if limits.since is None:
        return _("紧急事项先处置、后确权：先签收、到场，再提异议。")
    if clock.now() > worktime.due(limits.since, limits.within):
        return _("提异议的时限（派单后 %(limit)s）已过，请继续办理；权属可在办结后再定。") % {"limit": limits.within}
    return None
