"""Reading the honor market: the shelf, one's own page, and what everybody may see of a community."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from linli.affairs.honor import accounts
from linli.affairs.honor.models import (
    Batch,
    Cause,
    Covenant,
    Earning,
    Gift,
    Good,
    Look,
    Member,
    Notice,
    Recognition,
    Redemption,
    Shop,
    Standing,
    Statement,
)
from linli.affairs.honor.process import COMMENDATION, REDEMPTION
from linli.kernel import areas, clock, ledger, tallies
from linli.kernel.areas.models import Level
from linli.kernel.errors import NotHere
from linli.kernel.ledger import Balance
from linli.kernel.posts.actors import Actor

MEMBERS = "honor.members"
COMMUNITY_DIGITS = 12
DONATED = "donation.value_fen"
CARRIED, CARRIED_SPENT = "honor.carried", "honor.carried_spent"


@dataclass(frozen=True)
class Figures:
    """What a community (or all of them) gave out, and what became of it. Points, and fen for the gifts.

    ``outstanding`` is what is owed to people: issued, and neither spent nor lapsed, nor gone elsewhere.
    """

    members: int
    granted: int
    issued: int
    spent: int
    lapsed: int
    crossed: int
    deducted: int
    causes: int
    donated_fen: int
    budget: int
    carried: int
    carried_spent: int

    @property
    def outstanding(self) -> int:
        """What people hold and may still turn into something: a liability."""
        return self.issued - self.spent - self.lapsed - self.crossed - self.deducted - self.causes


def figures(code: str = "") -> Figures:
    """Return the figures of the communities under ``code``: the last lines of few accounts, and kept tallies.

    Nothing is counted row by row, so the public page costs the same whatever lies in the books.
    """
    kinds = (*accounts.COMMUNITY, accounts.CAUSE)
    found = ledger.holdings(kinds, area_code=code)
    sums = dict.fromkeys((kind.name for kind in kinds), 0)
    for ref, held in found.items():
        sums[ref.kind.name] += held.balance
    granted = -sums[accounts.GRANTED.name]
    counted = tallies.totals(
        [MEMBERS, DONATED, CARRIED, CARRIED_SPENT], None, None, **({"area_code": code} if code else {})
    )
    return Figures(
        members=counted[MEMBERS],
        granted=granted,
        issued=granted - sums[accounts.BUDGET.name],
        spent=sums[accounts.SPENT.name],
        lapsed=sums[accounts.LAPSED.name],
        crossed=sums[accounts.CROSSED.name],
        deducted=sums[accounts.DEDUCTED.name],
        causes=sums[accounts.CAUSE.name],
        donated_fen=counted[DONATED],
        budget=sums[accounts.BUDGET.name],
        carried=counted[CARRIED],
        carried_spent=counted[CARRIED_SPENT],
    )


def held_by_people(code: str = "") -> int:
    """Return what members under ``code`` hold, added up one by one: what :class:`Figures` must agree with."""
    return sum(held.balance for held in ledger.holdings([accounts.HOLDER], area_code=code).values())


@dataclass(frozen=True)
class OnShelf:
    """One good in one shop: how many can be reserved now, how many are set aside, the first day of use to end."""

    good: Good
    shop: Shop
    free: int
    held: int
    use_by: date | None
    batches: Sequence[tuple[Batch, Balance]] = ()


def shelf(shops: Sequence[Shop], good: Good | None = None) -> list[OnShelf]:
    """Return what stands in ``shops``, of one good or of all, by shop and name of the good. Two statements."""
    by_shop = {shop.pk: shop for shop in shops}
    rows = Standing.objects.filter(shop__in=shops, batch__good__active=True).select_related("batch__good")
    if good is not None:
        rows = rows.filter(batch__good=good)
    refs = {
        accounts.on_shelf(kind, row.batch, row.shop_id): (row.batch, row.shop_id)
        for row in rows.order_by("batch__use_by", "batch")
        for kind in (accounts.SHELVES if row.batch.good.scarce else (accounts.SHELF,))
    }
    found: dict[tuple[Any, Any], list[tuple[Batch, Balance]]] = {}
    today = clock.today()
    for ref, held in ledger.balances(refs).items():
        batch, shop_id = refs[ref]
        if held.balance > 0:
            found.setdefault((shop_id, batch.good_id), []).append((batch, held))
    lines = []
    for (shop_id, _good), parts in found.items():
        fresh = [(b, h) for b, h in parts if b.use_by is None or b.use_by > today]
        lines.append(
            OnShelf(
                good=parts[0][0].good,
                shop=by_shop[shop_id],
                free=sum(h.available for _b, h in fresh),
                held=sum(h.held for _b, h in parts),
                use_by=min((b.use_by for b, _h in parts if b.use_by), default=None),
                batches=parts,
            )
        )
    return sorted(lines, key=lambda line: (line.shop.name, line.good.name))


def shops_for(code: str) -> list[Shop]:
    """Return the shops that people of ``code`` can go to: nearest first (community, street, district)."""
    rows = list(Shop.objects.filter(active=True))
    return sorted(rows, key=lambda shop: (-_shared(shop.area_code, code), shop.kind != Shop.Kind.MAIN, shop.name))


def _shared(one: str, other: str) -> int:
    return next((size for size in (12, 9, 6) if one[:size] == other[:size] and len(one) >= size), 0)


def kept_by(actor: Actor) -> list[Shop]:
    """Return the shops that this actor keeps."""
    return list(Shop.objects.filter(actor.covering(), active=True).order_by("kind", "name"))


def access_shop(actor: Actor, shop_id: Any) -> Shop:
    """Return a shop that this actor keeps. Raises :class:`NotHere`."""
    found = next((shop for shop in kept_by(actor) if shop.pk == shop_id), None)
    if found is None:
        raise NotHere
    return found


def waiting_at(actor: Actor) -> QuerySet[Redemption]:
    """Return what waits to be picked up in this actor's shops, the earliest due first."""
    shops = [shop.pk for shop in kept_by(actor)]
    rows = Redemption.objects.filter(shop__in=shops, matter__is_open=True, matter__kind=REDEMPTION.kind)
    return rows.select_related("matter", "good", "shop").order_by("matter__due_at")


def member_by_card(card: str) -> Member | None:
    """Return the member with this number on their paper card or passbook, if they still take part."""
    return Member.objects.filter(card=card, left_at=None).select_related("person").first() if card else None


def redemptions_of(member: Member) -> QuerySet[Redemption]:
    """Return what a member redeemed for themselves or was given, newest first; not what they gave away."""
    mine = Q(member=member, receiver=None) | Q(receiver=member)
    return Redemption.objects.filter(mine).select_related("matter", "good", "shop").order_by("-matter_id")


def credit() -> dict[str, int]:
    """Return to how many merchants banks lent after a statement, and how much, as the owners told us."""
    rows = Statement.objects.filter(member__kind=Member.Kind.MERCHANT, lent_fen__isnull=False)
    total = rows.aggregate(merchants=Count("member", distinct=True), fen=Sum("lent_fen"))
    return {"merchants": total["merchants"], "yuan": (total["fen"] or 0) // 100}


def handed_out(good_code: str) -> int:
    """Return how many pieces of a good are in people's hands, counted from the ledger."""
    good = Good.objects.filter(code=good_code).first()
    if good is None:
        return 0
    batches = good.batches.values_list("pk", flat=True)
    return sum(held.balance for held in ledger.holdings([accounts.HANDED], items=batches).values())


def commended(title: str) -> int:
    """Return how many were awarded ``title``."""
    return Recognition.objects.filter(book=Recognition.Book.HONOUR, code=title).values("member").distinct().count()


def honoured(code: str, limit: int = 20) -> list[Recognition]:
    """Return who was honoured under ``code`` and agreed to be named, newest first; in no order of merit."""
    rows = Recognition.objects.filter(
        _under(code), book=Recognition.Book.HONOUR, public=True, member__person__isnull=False
    )
    return list(rows.select_related("member__person").order_by("-on", "-pk")[:limit])


def _under(code: str) -> Q:
    """Return the filter of rows under ``code``: of one community they lie in order, and the newest are read first."""
    of_one = len(code) == COMMUNITY_DIGITS
    return Q(area_code=code) if of_one else Q(area_code__startswith=code)


def shown() -> QuerySet[Any]:
    """Return the commendations that are before the public now."""
    from linli.affairs.honor.models import Commendation

    rows = Commendation.objects.filter(matter__kind=COMMENDATION.kind, matter__is_open=True, consent=True)
    return rows.select_related("member__person", "matter").order_by("matter__due_at")


def community_of(code: str) -> areas.Node:
    """Return the community, street or district with ``code``. Raises :class:`NotHere` for what there is none of."""
    node = areas.tree().get(code)
    if node is None or node.level not in {Level.DISTRICT, Level.STREET, Level.COMMUNITY}:
        raise NotHere
    return node


def communities_of(actor: Actor) -> list[areas.Node]:
    """Return the communities that an actor looks after."""
    return [node for node in areas.tree().of_level(Level.COMMUNITY) if actor.covers(node.code)]


def covenants_of(actor: Actor) -> list[Covenant]:
    """Return the covenants in force at an actor's place, by community. One statement."""
    today, found = clock.today(), {}
    rows = (
        Covenant.objects.filter(actor.covering(), since__lte=today).prefetch_related("articles").order_by("since", "pk")
    )
    for row in rows:
        found[row.area_code] = row
    return sorted(found.values(), key=lambda row: row.area_code)


def deductible(actor: Actor) -> bool:
    """Return whether any covenant in force at an actor's place lets points be deducted."""
    return any(row.articles.all() for row in covenants_of(actor))


def earned_in(actor: Actor, member: Member | None = None) -> QuerySet[Earning]:
    """Return what was earned at an actor's place, newest first, of one member or of all."""
    rows = Earning.objects.filter(actor.covering()).select_related("member__person", "member__organisation")
    return (rows.filter(member=member) if member else rows).order_by("-pk")


def taken_back(keys: Sequence[str]) -> set[str]:
    """Return which of the earnings with ``keys`` were taken back and not given again. One statement."""
    names = [f"earn:{key}:{step}" for key in keys for step in ("back", "again")]
    found = ledger.posted_keys(names)
    return {key for key in keys if f"earn:{key}:back" in found and f"earn:{key}:again" not in found}


def notices_of(member: Member) -> list[Notice]:
    """Return what a member was told of points they did not get or are to lose, newest first."""
    return list(Notice.objects.filter(member=member).select_related("matter").order_by("-matter_id")[:20])


@dataclass(frozen=True)
class Basket:
    """A cause with what it received, what went to households, and what is left."""

    cause: Cause
    received: int
    passed: int
    left: int

    @property
    def over(self) -> bool:
        """Whether its last day has passed."""
        return self.cause.until is not None and self.cause.until < clock.today()


def causes(code: str = "") -> list[Basket]:
    """Return the causes under ``code``, newest first. Two statements."""
    rows = {accounts.of_area(accounts.CAUSE, row.pk, row.area_code): row for row in _causes(code)}
    found = ledger.balances(rows)
    return [Basket(row, found[ref].credited, found[ref].debited, found[ref].balance) for ref, row in rows.items()]


def _causes(code: str) -> QuerySet[Cause]:
    return Cause.objects.filter(area_code__startswith=code).order_by("-pk")


def kindness(code: str, limit: int = 10) -> list[tuple[Gift, str]]:
    """Return the last gifts to people under ``code`` with the receiver's name where they let it be shown, else none."""
    rows = Gift.objects.filter(_under(code), receiver__isnull=False)
    found = rows.select_related("receiver__person", "redemption__matter", "cause").order_by("-pk")[:limit]
    return [(row, _shown_name(row.receiver)) for row in found]


def _shown_name(member: Member | None) -> str:
    return member.person.name if member and member.person and member.shows_gifts else ""


def received_by(member: Member) -> list[Gift]:
    """Return what a member was given, newest first; who gave it is not among it."""
    rows = Gift.objects.filter(receiver=member).select_related("redemption__matter", "cause")
    return list(rows.order_by("-pk")[:30])


def looks(actor: Actor) -> QuerySet[Look]:
    """Return what is to be looked at again at an actor's place, oldest first."""
    rows = Look.objects.filter(actor.covering(), verdict="")
    return rows.select_related("earning__member__person", "earning__member__organisation", "earning__post").order_by(
        "pk"
    )
