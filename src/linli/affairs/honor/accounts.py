"""The accounts of the honor market, in the ledger's words.

Points of one community never mix with another's: where they cross, a pair of ``CROSSED`` lines says so. So the
accounts of a community sum to zero by themselves, and what its people hold is what its own few accounts say with the
sign turned round: one look instead of thousands, and the public page adds up entry by entry.

    budget   points the community may still give out      (bounded)
    granted  what the district gave it to give out        (the world outside)
    holder   what a resident, merchant or team holds      (bounded)
    spent    points redeemed     lapsed   points expired     crossed  points that went to or came from elsewhere
    deducted points that the residents' covenant took     cause  points given to a cause, not to a person (bounded)
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from linli.kernel.ledger import PIECES, AccountRef, Kind, Leg

if TYPE_CHECKING:
    from linli.affairs.honor.models import Batch, Member
    from linli.kernel.areas import Node

BUDGET = Kind("honor.budget")
GRANTED = Kind("honor.granted", bounded=False)
HOLDER = Kind("honor.holder")
SPENT = Kind("honor.spent", bounded=False)
LAPSED = Kind("honor.lapsed", bounded=False)
CROSSED = Kind("honor.crossed", bounded=False)
CAUSE = Kind("honor.cause")
DEDUCTED = Kind("honor.deducted", bounded=False)
COMMUNITY = (BUDGET, GRANTED, SPENT, LAPSED, CROSSED, DEDUCTED)

SHELF = Kind("honor.shelf")
ONLINE = Kind("honor.shelf.online")
DELIVERY = Kind("honor.shelf.home")
SHELVES = (SHELF, ONLINE, DELIVERY)
SUPPLY = Kind("honor.supply", bounded=False)
HANDED = Kind("honor.handed", bounded=False)
WASTED = Kind("honor.wasted", bounded=False)

ALLOWED = Kind("honor.allowed", bounded=False)
ALLOWANCE = Kind("honor.allowance")
USED = Kind("honor.used", bounded=False)


def of_area(kind: Kind, area_id: uuid.UUID, code: str) -> AccountRef:
    """Return the account of ``kind`` that stands for a community as such."""
    return AccountRef(kind, area_id, area_code=code)


def of_node(kind: Kind, node: Node) -> AccountRef:
    """Return the account of ``kind`` of a community of today's tree."""
    return of_area(kind, node.id, node.code)


def of_member(member: Member) -> AccountRef:
    """Return where a member's points are."""
    return AccountRef(HOLDER, member.pk, area_code=member.area_code)


def beside(kind: Kind, member: Member) -> AccountRef:
    """Return the account of ``kind`` of the community that the member's points belong to."""
    return of_area(kind, member.area_id, member.area_code)


def on_shelf(kind: Kind, batch: Batch, shop_id: uuid.UUID) -> AccountRef:
    """Return where pieces of ``batch`` stand in a shop; ``kind`` is a shelf, or what became of them there."""
    return AccountRef(kind, shop_id, PIECES, batch.pk)


def carry(
    source: AccountRef, source_area: uuid.UUID, target: AccountRef, target_area: uuid.UUID, amount: int
) -> list[Leg]:
    """Return the legs that bring points from one account to another, through both communities where they differ."""
    legs = [Leg(source, -amount), Leg(target, amount)]
    if source_area != target_area:
        legs[1:1] = [
            Leg(of_area(CROSSED, source_area, source.area_code), amount),
            Leg(of_area(CROSSED, target_area, target.area_code), -amount),
        ]
    return legs
