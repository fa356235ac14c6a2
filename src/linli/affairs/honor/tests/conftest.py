"""A small market: one community with a shop, something on its shelf, and people with points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from tests.support.world import COMMUNITY

from linli.affairs.honor import accounts, codes
from linli.affairs.honor.models import Batch, Good, Member, Shop
from linli.affairs.honor.process import REDEMPTION
from linli.affairs.honor.services import budgets, earning, members, stock
from linli.affairs.honor.services.standing import Standing
from linli.kernel import areas, clock, ids, ledger
from linli.kernel.areas import Node
from linli.kernel.matters import Outcome, perform
from linli.kernel.people.models import Assurance, Person
from linli.kernel.posts.actors import Actor, resident_actor, system_actor


@dataclass
class Market:
    """Shops, goods and people of the tests; everything goes through the services."""

    world: Any
    home: Node
    shop: Shop
    soap: Good
    batch: Batch
    _count: int = field(default=0)

    def node(self, code: str) -> Node:
        return areas.tree().by_code(code)

    def keeper(self, who: str = "1") -> Actor:
        return self.world.actor("community_worker", who=who)

    def member(self, points: int = 0, *, at: Node | None = None, card: bool = False, **more: Any) -> Member:
        self._count += 1
        person = Person.objects.create(
            name=f"居民{self._count}", assurance=Assurance.CHECKED, created_at=clock.now(), **more
        )
        made = members.join(actor=resident_actor(person), person=person, community=at or self.home)
        if points:
            self.credit(made, points)
        if card:
            members.give_card(actor=self.keeper(), member=made)
        return made

    def standing(self, **more: Any) -> Standing:
        return Standing(self.member(**more), repeated=False, today=0, month=0, posts=frozenset())

    def credit(self, member: Member, points: int, until: date | None = None) -> None:
        """Give points as an import from an older system does: out of the budget, by no rule."""
        budget = accounts.of_area(accounts.BUDGET, member.area_id, member.area_code)
        legs = ledger.move(budget, accounts.of_member(member), points, expires_on=until)
        ledger.post(actor=system_actor(), entry=ledger.Entry(str(ids.uuid7()), "carry", legs))

    def budget(self, points: int, node: Node | None = None) -> None:
        budgets.grant(actor=system_actor(), community=node or self.home, points=points, key=str(ids.uuid7()))

    def points(self, member: Member) -> ledger.Balance:
        return ledger.balance(accounts.of_member(member))

    def on_shelf(self, batch: Batch | None = None) -> ledger.Balance:
        row = batch or self.batch
        return ledger.balance(accounts.on_shelf(accounts.SHELF, row, row.shop_id))

    def reserve(self, member: Member, good: Good | None = None, pieces: int = 1, **more: Any) -> Outcome:
        data = {"good": good or self.soap, "shop": self.shop, "pieces": pieces, "way": "online"} | more
        return perform(
            actor=resident_actor(member.person), process=REDEMPTION, action="reserve",
            data={k: getattr(v, "pk", v) for k, v in data.items()},
        )  # fmt: skip

    def confirm(self, outcome: Outcome, code: str = "", who: str = "1") -> Outcome:
        given = code or codes.digits_of(outcome.matter.pk)
        return perform(actor=self.keeper(who), matter=outcome.matter, action="confirm", data={"code": given})

    def earn(self, member: Member, rule: str = "activity", key: str = "", **more: Any) -> Any:
        actor = more.pop("actor", None) or self.keeper()
        return earning.earn(actor=actor, member=member, rule=rule, key=key or str(ids.uuid7()), **more)


def a_shop(home: Node, name: str = "荣誉超市", kind: str = Shop.Kind.MAIN) -> Shop:
    return Shop.objects.create(name=name, kind=kind, area_id=home.id, area_code=home.code)


def a_good(code: str = "soap", points: int = 10, **more: Any) -> Good:
    return Good.objects.create(code=code, name=more.pop("name", "香皂"), points=points, piece="块", **more)


@pytest.fixture
def make_market(db: None) -> Callable[[Any], Market]:
    def make(world: Any) -> Market:
        home = areas.tree().by_code(COMMUNITY)
        shop, soap = a_shop(home), a_good()
        made = Market(world, home, shop, soap, Batch())
        made.budget(10_000)
        made.batch = stock.put_in(actor=made.keeper(), shop=shop, good=soap, pieces=20)
        return made

    return make


@pytest.fixture
def market(world: Any, make_market: Callable[[Any], Market]) -> Market:
    return make_market(world)
