"""Who may write what, and where: asked by every service before it does anything."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from linli.affairs.registry.models import Resident, Sourced
from linli.affairs.registry.policy import RegistryRules
from linli.kernel import areas, clock, policy
from linli.kernel.areas import Node
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor

KEEPER, READER, CHECKER, IMPORTER = "registry_keeper", "registry_reader", "registry_checker", "registry_importer"


class Elsewhere(UserError):
    """The place or person lies outside the post's areas."""

    code = "elsewhere"
    status = 403


def must(actor: Actor, duty: str) -> None:
    """Raise :class:`NotHere` unless the actor's post carries ``duty`` and may write; the system always may."""
    if actor.is_system:
        return
    if not (actor.is_post and actor.may_write and duty in duties_of(actor)):
        raise NotHere


def within(actor: Actor, area_id: UUID, duty: str = KEEPER) -> Node:
    """Return the area when the actor may write there. Raises :class:`NotHere`, :class:`Elsewhere`."""
    must(actor, duty)
    node = areas.tree().by_id(area_id)
    if not actor.is_system and not actor.covers(node.code):
        raise Elsewhere(_("%(place)s不在您岗位的区域内；请由当地的岗位办理。") % {"place": areas.tree().label(node)})
    return node


def locked(resident: Resident | UUID) -> Resident:
    """Return the resident locked in this transaction. Raises :class:`NotNow` for a record that was merged."""
    key = resident if isinstance(resident, UUID) else resident.pk
    found = Resident.objects.select_for_update(of=("self",)).select_related("person").get(pk=key)
    if found.state == Resident.State.MERGED:
        raise NotNow(_("这条记录已经并入另一人；请打开合并后的记录再办。"))
    return found


def alive(resident: Resident) -> None:
    """Raise :class:`NotNow` for somebody whose death is recorded."""
    if resident.state == Resident.State.DIED:
        raise NotNow(_("此人的去世已经登记；如登记有误请先申请更正。"))


def stamp(actor: Actor, fact: str, source: str, how: str = "", on: date | None = None) -> dict[str, object]:
    """Return the columns of origin for a fact that is written now; verified only when ``how`` says by what contact."""
    columns: dict[str, object] = {"source": source, "verified_how": how}
    if how:
        days = policy.get(RegistryRules).fresh_days(fact)
        columns |= {
            "verified_at": clock.now(),
            "verified_by": actor.post_id,
            "next_check_on": (on or clock.today()) + timedelta(days=days),
        }
    else:
        columns |= {"verified_at": None, "verified_by": None, "next_check_on": on or clock.today()}
    return columns


def put(row: Sourced, columns: dict[str, object]) -> list[str]:
    """Set the columns of origin on ``row`` and return their names, for ``update_fields``."""
    for name, value in columns.items():
        setattr(row, name, value)
    return list(columns)
