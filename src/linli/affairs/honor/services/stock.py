"""Goods onto the shelf, from shelf to shelf, counted, and off it when their day is over."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.affairs.honor import accounts
from linli.affairs.honor.models import Batch, Donation, Good, Redemption, Shop, Standing
from linli.kernel import clock, ledger
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.ledger import AccountRef, Entry, Kind, Leg, move
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor
from linli.kernel.storage.fixed import Fixed

SHELF_OF: Mapping[str, Kind] = {
    Redemption.Way.ONLINE: accounts.ONLINE,
    Redemption.Way.COUNTER: accounts.SHELF,
    Redemption.Way.HOME: accounts.DELIVERY,
}


def shelf_for(good: Good, way: str) -> Kind:
    """Return the shelf that a way draws from: one for all, unless shares of a scarce good are kept apart."""
    return SHELF_OF[way] if good.scarce else accounts.SHELF


def may_keep(actor: Actor, shop: Shop) -> bool:
    """Return whether ``actor`` keeps this shop."""
    return actor.is_system or ("shop_keeper" in duties_of(actor) and actor.covers(shop.area_code))


def _keeper(actor: Actor, *shops: Shop) -> None:
    if not all(may_keep(actor, shop) for shop in shops):
        raise NotHere


@transaction.atomic
def put_in(
    *,
    actor: Actor,
    shop: Shop,
    good: Good,
    pieces: int,
    use_by: date | None = None,
    donation: Donation | None = None,
    shares: Mapping[str, int] | None = None,
) -> Batch:
    """Put a new batch onto a shop's shelf; for a scarce good ``shares`` says how many for which way, the rest counter.

    Raises :class:`UserError` for a number that makes no sense or goods past their day, :class:`NotHere` for another's
    shop.
    """
    if donation is None:
        _keeper(actor, shop)
    given = dict(shares or {})
    if pieces < 1 or sum(given.values()) > pieces or any(n < 0 for n in given.values()):
        raise UserError(_("件数不对：份额合计不能超过总件数。"), field="pieces")
    if use_by is not None and use_by <= clock.today():
        raise UserError(_("已到或已过保质期，不能上架。"), field="use_by")
    batch = Batch.objects.create(good=good, shop=shop, donation=donation, pieces=pieces, use_by=use_by, at=clock.now())
    counter = Redemption.Way.COUNTER
    given[counter] = given.get(counter, 0) + pieces - sum(given.values())
    origin = accounts.on_shelf(accounts.SUPPLY, batch, shop.pk)
    legs = [Leg(origin, -pieces)]
    legs += [Leg(accounts.on_shelf(shelf_for(good, way), batch, shop.pk), n) for way, n in given.items() if n]
    ledger.post(actor=actor, entry=Entry(f"stock:{batch.pk}", "stock", legs, subject_id=batch.pk))
    stand(batch.pk, shop.pk)
    return batch


def stand(batch_id: uuid.UUID, shop_id: uuid.UUID) -> None:
    """Note that pieces of a batch stand in a shop, in the transaction that brings them there."""
    # What stood there already is noted anew: the tidying leaves alone what came only just now.
    Standing.objects.bulk_create(
        [Standing(batch_id=batch_id, shop_id=shop_id, since=clock.now())],
        update_conflicts=True, update_fields=["since"], unique_fields=["shop", "batch"],
    )  # fmt: skip


@transaction.atomic
def move_on(*, actor: Actor, batch: Batch, source: Shop, target: Shop, pieces: int, key: str) -> None:
    """Bring pieces from one shop to another. Raises :class:`NotNow` when there are not so many free."""
    _keeper(actor, source)
    if pieces < 1 or source.pk == target.pk:
        raise UserError(_("请填调拨件数，并选另一个兑换点。"), field="pieces")
    from_shelf, to_shelf = (accounts.on_shelf(accounts.SHELF, batch, shop.pk) for shop in (source, target))
    legs = move(from_shelf, to_shelf, pieces)
    _post(actor, Entry(f"move:{key}", "move", legs, subject_id=batch.pk))
    stand(batch.pk, target.pk)


@transaction.atomic
def share_out(*, actor: Actor, batch: Batch, shop: Shop, source: str, target: str, pieces: int, key: str) -> None:
    """Move pieces of a scarce good from one way's share to another's, as what is left of a share at its end."""
    _keeper(actor, shop)
    if pieces < 1 or source == target:
        raise UserError(_("请填件数，并选两个不同的份额。"), field="pieces")
    from_shelf, to_shelf = (accounts.on_shelf(SHELF_OF[way], batch, shop.pk) for way in (source, target))
    _post(actor, Entry(f"share:{key}", "share", move(from_shelf, to_shelf, pieces), subject_id=batch.pk))


@transaction.atomic
def take_stock(*, actor: Actor, batch: Batch, shop: Shop, counted: int, reason: str, key: str) -> int:
    """Set what the book says right by what was counted on the shelf; return the difference. A reason is kept.

    What is set aside for people counts as being there. Raises :class:`NotNow` when fewer were counted than are set
    aside: those people come first.
    """
    _keeper(actor, shop)
    shelf = accounts.on_shelf(accounts.SHELF, batch, shop.pk)
    found = ledger.balance(shelf)
    difference = counted - found.balance
    if counted < 0 or (difference and not reason.strip()):
        raise UserError(_("请填实点件数；和账上不一样时写明原因。"), field="reason")
    if difference:
        wasted = accounts.on_shelf(accounts.WASTED, batch, shop.pk)
        legs = [Leg(shelf, difference, after=found.seq + 1), Leg(wasted, -difference)]
        _post(actor, Entry(f"count:{key}", "count", legs, subject_id=batch.pk, basis=reason.strip()[:120]))
        stand(batch.pk, shop.pk)
    return difference


@transaction.atomic
def throw_out(*, actor: Actor, batch: Batch, shop: Shop) -> int:
    """Take what is past its day off every shelf of a shop; return how many pieces. Raises for what is still good."""
    _keeper(actor, shop)
    if batch.use_by is None or batch.use_by >= clock.today():
        raise NotNow(_("还在保质期内，不能下架报损。"))
    shelves = {kind: accounts.on_shelf(kind, batch, shop.pk) for kind in accounts.SHELVES}
    left = {ref: found.available for ref, found in ledger.balances(shelves.values()).items() if found.available > 0}
    if not left:
        return 0
    wasted = accounts.on_shelf(accounts.WASTED, batch, shop.pk)
    legs = [*(Leg(ref, -n) for ref, n in left.items()), Leg(wasted, sum(left.values()))]
    _post(actor, Entry(f"throw:{batch.pk}:{shop.pk}:{clock.today()}", "throw", legs, subject_id=batch.pk))
    return sum(left.values())


def _post(actor: Actor, entry: Entry) -> None:
    try:
        ledger.post(actor=actor, entry=entry)
    except ledger.Overdrawn as error:
        raise NotNow(_("库存不足：可用 %(left)d 件。") % {"left": error.available}, field="pieces") from error


def choose(good: Good, shop: Shop, way: str, pieces: int, until: date) -> tuple[Batch, AccountRef] | None:
    """Return the batch whose day comes first of those with so many free and good until then; ``None`` if none is.

    A look, not a promise: the ledger decides when the pieces are set aside.
    """
    kind = shelf_for(good, way)
    refs = {accounts.on_shelf(kind, batch, shop.pk): batch for batch in _FRESH(good=good.pk, shop=shop.pk, until=until)}
    found = ledger.balances(refs)
    return next(((batch, ref) for ref, batch in refs.items() if found[ref].available >= pieces), None)


_FRESH = Fixed(
    lambda good, shop, until: Batch.objects.filter(
        Q(use_by=None) | Q(use_by__gte=until), good=good, standings__shop=shop
    ).order_by("use_by", "pk"),
    good=uuid.UUID, shop=uuid.UUID, until=date,
)  # fmt: skip

SETTLED = timedelta(hours=1)
"""Longer than any transaction: what was noted before this has its pieces in the ledger for everybody to see."""

AT_ONCE = 1_000


def tidy() -> int:
    """Forget where nothing stands any more, so that no page looks there; return how many.

    What comes to that shelf later, a return for instance, is noted again (:func:`stand`). Three statements for each
    thousand that stand somewhere.
    """
    settled = Standing.objects.filter(since__lt=clock.now() - SETTLED).order_by("pk")
    done, rows = 0, list(settled.values_list("pk", "shop_id", "batch_id"))
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        held = ledger.holdings(accounts.SHELVES, items=[batch for _pk, _shop, batch in part])
        there = {(ref.owner_id, ref.item_id) for ref, found in held.items() if found.balance}
        empty = [pk for pk, shop, batch in part if (shop, batch) not in there]
        # The condition is asked again of what somebody notes anew meanwhile.
        done += settled.filter(pk__in=empty).delete()[0]
    return done
