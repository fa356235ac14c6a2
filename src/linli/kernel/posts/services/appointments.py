"""Who holds a post, from which moment until which."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.errors import NotNow, UserError
from linli.kernel.people.models import Person
from linli.kernel.posts import kinds
from linli.kernel.posts.actors import Actor, open_at
from linli.kernel.posts.events import HolderChanged, holder_changed, work_in_hand
from linli.kernel.posts.models import Holding, Post
from linli.kernel.posts.services.guards import appoints, locked


@transaction.atomic
def appoint(
    *, actor: Actor, person: Person | UUID, post: Post, part: str = Holding.Part.A, at: datetime | None = None
) -> Holding:
    """Let ``person`` hold ``part`` of ``post`` from now (or ``at``) on.

    Raises :class:`NotNow` when the part is taken, the post is out of use, the person holds the other part or
    another of the three separated administrative posts (GB/T 22239: system, security, audit), or has died.
    """
    appoints(actor, "appoint", post, person)
    moment = at or clock.now()
    holder = locked(person)
    held = Post.objects.select_for_update().get(pk=post.pk)
    if not held.active:
        raise NotNow(_("“%(post)s”已撤销，不能任命。") % {"post": held.title})
    if part not in Holding.Part.values:
        raise UserError(_("请选择A岗或B岗。"), field="part")
    _check_person(holder, held)
    taken = Holding.objects.filter(post=held, part=part, valid_to=None).select_related("person").first()
    if taken is not None:
        raise NotNow(
            _("本岗位的%(part)s岗现由%(name)s担任；请先办理离岗，再任命新的人员。")
            % {"part": part, "name": taken.person.name}
        )
    earlier = Holding.objects.filter(post=held, part=part, valid_to__gt=moment).first()
    if earlier is not None:
        raise NotNow(_("上一任的离岗时间晚于任岗时间；请把任岗时间改到离岗之后。"))
    holding = Holding.objects.create(post=held, person=holder, part=part, valid_from=moment)
    holder_changed.send(HolderChanged(held.pk, part, holder.pk, moment))
    return holding


def _check_person(person: Person, post: Post) -> None:
    if person.deceased_on is not None:
        raise NotNow(_("此人已登记去世，不能任命。"))
    current = list(Holding.objects.filter(person=person, valid_to=None).select_related("post"))
    if any(holding.post_id == post.pk for holding in current):
        raise NotNow(_("此人已在本岗位任职；A岗和B岗须由不同的人担任。"))
    if post.kind in kinds.SEPARATED:
        other = next((h.post for h in current if h.post.kind in kinds.SEPARATED - {post.kind}), None)
        if other is not None:
            raise NotNow(
                _("系统管理、安全管理、审计三类岗位须由不同的人担任；此人现任“%(post)s”。") % {"post": other.title}
            )


@transaction.atomic
def leave_post(*, actor: Actor, holding: Holding, at: datetime | None = None) -> Holding:
    """End ``holding`` now (or ``at``); the other part acts from then on.

    Raises :class:`NotNow` when it has ended already, or when open matters would be left with nobody.
    """
    appoints(actor, "leave_post", holding.post)
    moment = at or clock.now()
    post = Post.objects.select_for_update().get(pk=holding.post_id)
    current = Holding.objects.select_for_update().get(pk=holding.pk)
    if current.valid_to is not None:
        raise NotNow(_("此人已离岗。"))
    if moment <= current.valid_from:
        raise UserError(_("离岗时间须晚于任岗时间。"), field="at")
    alone = not Holding.objects.filter(open_at(moment), post=post).exclude(pk=current.pk).exists()
    in_hand = work_in_hand.ask(post=post) if alone else 0
    if in_hand:
        raise NotNow(
            _("本岗位还有%(count)d件未办结，且没有另一位任岗人；请先任命A岗或B岗，再办理离岗。") % {"count": in_hand}
        )
    current.valid_to = moment
    current.save(update_fields=["valid_to"])
    holder_changed.send(HolderChanged(post.pk, current.part, None, moment))
    return current
