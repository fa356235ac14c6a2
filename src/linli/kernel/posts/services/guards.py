"""Checks that every service of this room makes before it writes."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel.errors import UserError
from linli.kernel.people.models import Person
from linli.kernel.posts.actors import Actor, ActorKind
from linli.kernel.posts.events import may_manage
from linli.kernel.posts.models import Unit


class Refused(UserError):
    """This actor may not do that."""

    code = "refused"
    status = 403


def manages(actor: Actor, act: str, unit: Unit) -> None:
    """Let the system and posts that may manage ``unit`` pass. Raises :class:`Refused` for everybody else."""
    if actor.kind is ActorKind.SYSTEM:
        return
    if actor.kind is not ActorKind.POST or not actor.may_write:
        raise Refused(_("本岗位不能管理岗位与值班；请联系系统管理岗。"))
    if not may_manage.ask(actor=actor, act=act, unit=unit):
        raise Refused(_("本岗位无权管理“%(unit)s”的岗位与值班；请联系该单位的管理岗。") % {"unit": unit.name})


def locked(person: Person | UUID) -> Person:
    """Return ``person`` locked for this transaction, so that two overlapping spans cannot be written at once.

    A merged person is followed to the one that stands for it now. Raises ``Person.DoesNotExist``.
    """
    found = Person.objects.select_for_update().get(pk=person.pk if isinstance(person, Person) else person)
    return locked(found.merged_into_id) if found.merged_into_id else found
