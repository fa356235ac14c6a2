"""Families by consent: asked by card, joined by one's own word, left at will. Nobody's points move by it."""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.affairs.honor.models import Family, Member, Tie
from linli.affairs.honor.services import members
from linli.kernel import clock
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.posts.actors import Actor
from linli.kernel.storage.fixed import Fixed

MOST = 8


@transaction.atomic
def invite(*, actor: Actor, member: Member, card: str) -> Tie:
    """Ask whoever has ``card`` into one's family, made by the first asking. Nothing is shared until they agree.

    Raises :class:`UserError` for an unknown card or oneself, :class:`NotNow` for a full family or a second asking.
    """
    _own(actor, member)
    other = Member.objects.filter(card=card.replace(" ", ""), left_at=None, kind=Member.Kind.RESIDENT).first()
    if other is None:
        raise UserError(_("没有这张卡，请核对家人卡上的数字。"), field="card")
    if other.pk == member.pk:
        raise UserError(_("这是您自己的卡。"), field="card")
    family = family_of(member) or _begun(member)
    if family.ties.filter(left_at=None).count() >= MOST:
        raise NotNow(_("一个家庭账户最多 %(most)d 人。") % {"most": MOST})
    try:
        with transaction.atomic():
            return Tie.objects.create(family=family, member=other, asked_by=member, asked_at=clock.now())
    except IntegrityError as error:
        raise NotNow(_("已经邀请过，等对方同意。"), field="card") from error


def _begun(member: Member) -> Family:
    family = Family.objects.create(at=clock.now())
    Tie.objects.create(family=family, member=member, asked_at=clock.now(), joined_at=clock.now())
    return family


@transaction.atomic
def agree(*, actor: Actor, member: Member, tie: Tie) -> None:
    """Join the family one was asked into. Raises :class:`NotNow` for whoever is in one already."""
    _own(actor, member)
    row = Tie.objects.select_for_update().filter(pk=tie.pk, member=member, left_at=None).first()
    if row is None:
        raise NotHere
    if row.joined_at is not None:
        return
    try:
        with transaction.atomic():
            row.joined_at = clock.now()
            row.save(update_fields=["joined_at"])
    except IntegrityError as error:
        raise NotNow(_("您已经在一个家庭账户里，先退出再加入。")) from error


@transaction.atomic
def leave(*, actor: Actor, member: Member, tie: Tie) -> None:
    """Leave, or decline; whoever asked may take the asking back. One's own points stay one's own."""
    _own(actor, member)
    row = Tie.objects.select_for_update().filter(pk=tie.pk, left_at=None).first()
    if row is None:
        return
    mine = row.member_id == member.pk or (row.joined_at is None and row.asked_by_id == member.pk)
    if not mine:
        raise NotHere
    row.left_at = clock.now()
    row.save(update_fields=["left_at"])


def family_of(member: Member) -> Family | None:
    """Return the family that a member has joined."""
    return Family.objects.filter(ties__member=member, ties__left_at=None, ties__joined_at__isnull=False).first()


def others_of(member: Member) -> list[Member]:
    """Return the members of one's family beside oneself, by when they joined; only those who agreed."""
    # Most are in none: one look at one table says so.
    ties = [row for mine in _TIES(member=member.pk) for row in _joined().filter(family=mine.family_id)]
    return [tie.member for tie in ties if tie.member_id != member.pk and tie.member.left_at is None]


def _joined() -> QuerySet[Tie]:
    rows = Tie.objects.filter(left_at=None, joined_at__isnull=False)
    return rows.select_related("member__person").order_by("joined_at")


_TIES = Fixed(lambda member: Tie.objects.filter(member=member, left_at=None, joined_at__isnull=False), member=uuid.UUID)


def _own(actor: Actor, member: Member) -> None:
    if not members.is_own(actor, member) or member.left_at is not None:
        raise NotHere
