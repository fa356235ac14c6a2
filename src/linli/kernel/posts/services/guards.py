"""Checks that every service of this room makes before it writes."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel.errors import UserError
from linli.kernel.people.models import Person
from linli.kernel.posts import kinds
from linli.kernel.posts.actors import Actor, ActorKind
from linli.kernel.posts.events import may_manage
from linli.kernel.posts.models import Post, Unit


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


def appoints(actor: Actor, act: str, post: Post, person: Person | UUID | None = None) -> None:
    """Let who may say who holds ``post``, and how they sign in, pass. Raises :class:`Refused` for everybody else.

    Nobody does so for themselves (``person``), and the three separated posts are kept crosswise (三权分立, GB/T 22239
    level 3): :data:`linli.kernel.posts.kinds.APPOINTED_BY`.
    """
    if actor.kind is ActorKind.SYSTEM:
        return
    whose = person.pk if isinstance(person, Person) else person
    if whose is not None and whose == actor.person_id:
        raise Refused(_("任命、账号和密码的事不能给自己办；请由别的管理员办理。"))
    keeper = kinds.APPOINTED_BY.get(post.kind)
    if keeper is None:
        manages(actor, act, post.unit)
    elif actor.post is None or not actor.may_write or actor.post.kind != keeper:
        raise Refused(_("系统管理、安全管理、审计三类岗位互相制约：这个岗位不归本岗位任免和开户。"))


def may_appoint(actor: Actor, post: Post) -> bool:
    """Return whether ``actor`` may say who holds ``post``; what a page asks before it shows the form."""
    try:
        appoints(actor, "appoint", post)
    except Refused:
        return False
    return True


def locked(person: Person | UUID) -> Person:
    """Return ``person`` locked for this transaction, so that two overlapping spans cannot be written at once.

    A merged person is followed to the one that stands for it now. Raises ``Person.DoesNotExist``.
    """
    found = Person.objects.select_for_update().get(pk=person.pk if isinstance(person, Person) else person)
    return locked(found.merged_into_id) if found.merged_into_id else found
