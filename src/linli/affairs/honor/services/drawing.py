"""The online share of a scarce good by lot, so that the fastest thumb is no criterion; anybody can draw it again.

The seed follows from the installation's key and the good, and its SHA-256 is public before the first ticket: nobody
can choose it after seeing who entered. At the drawing the seed is published; the order is SHA-256(seed ‖ ticket).
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.affairs.honor.models import Good, Member, Redemption, Shop, Ticket
from linli.affairs.honor.process import REDEMPTION
from linli.kernel import clock
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.matters import perform
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor, system_actor


def _seed(good_id: uuid.UUID) -> str:
    return hmac.new(bytes.fromhex(settings.LINLI_SECRET("lots")), good_id.bytes, hashlib.sha256).hexdigest()


def place_of(seed: str, ticket_id: uuid.UUID) -> bytes:
    """Return what a ticket is ordered by: SHA-256(seed ‖ ticket), as anybody can recompute."""
    return hashlib.sha256(bytes.fromhex(seed) + ticket_id.bytes).digest()


@transaction.atomic
def announce(*, actor: Actor, good: Good, draw_at: datetime) -> None:
    """Say that the online share of a scarce good will be drawn at a moment. Raises for one that is not scarce."""
    if "shop_keeper" not in duties_of(actor):
        raise NotHere
    row = Good.objects.select_for_update().get(pk=good.pk)
    if not row.scarce or row.seed:
        raise NotNow(_("只有紧缺物资、还没有抽过签的，才能设抽签。"))
    if draw_at <= clock.now():
        raise UserError(_("抽签时间要在以后。"), field="draw_at")
    row.by_lot, row.draw_at = True, draw_at
    row.seed_digest = hashlib.sha256(bytes.fromhex(_seed(row.pk))).hexdigest()
    row.save(update_fields=["by_lot", "draw_at", "seed_digest"])


@transaction.atomic
def enter(*, actor: Actor, member: Member, good: Good, shop: Shop, pieces: int) -> Ticket:
    """Enter a member once. Raises :class:`NotNow` after the time, or the second time."""
    if actor.person_id is None or (actor.person_id != member.person_id and not actor.is_post):
        raise NotHere
    if not good.by_lot or good.draw_at is None or good.draw_at <= clock.now():
        raise NotNow(_("“%(good)s”的抽签登记已经截止，或不抽签。") % {"good": good.name})
    most = good.per_person or 20
    if not 0 < pieces <= most:
        raise UserError(_("一人最多登记 %(most)d %(piece)s。") % {"most": most, "piece": good.piece}, field="pieces")
    try:
        with transaction.atomic():
            return Ticket.objects.create(good=good, member=member, shop=shop, pieces=pieces, at=clock.now())
    except IntegrityError as error:
        raise NotNow(_("您已经登记过抽签，开签后会告诉您。")) from error


@transaction.atomic
def draw(*, actor: Actor, good: Good) -> int:
    """Draw the lots, once, and set aside for those in front while there is any; return for how many.

    Whoever has too few points or whose household has reached its limit is passed over; the next one moves up.
    """
    if "shop_keeper" not in duties_of(actor) and not actor.is_system:
        raise NotHere
    row = Good.objects.select_for_update().get(pk=good.pk)
    if not row.by_lot or row.draw_at is None or row.draw_at > clock.now() or row.seed:
        raise NotNow(_("还没到抽签时间，或已经抽过。"))
    row.seed = _seed(row.pk)
    row.save(update_fields=["seed"])
    tickets = sorted(row.tickets.select_related("member", "shop"), key=lambda one: place_of(row.seed, one.pk))
    won = 0
    for rank, ticket in enumerate(tickets, 1):
        ticket.rank, ticket.redemption = rank, _set_aside(row, ticket)
        ticket.save(update_fields=["rank", "redemption"])
        won += ticket.redemption is not None
    return won


def _set_aside(good: Good, ticket: Ticket) -> Redemption | None:
    data = {"good": good.pk, "shop": ticket.shop_id, "pieces": ticket.pieces, "member": ticket.member_id}
    try:
        with transaction.atomic():
            matter = perform(actor=system_actor(), process=REDEMPTION, action="draw", data=data).matter
    except UserError:
        return None
    return Redemption.objects.get(pk=matter.pk)
