"""The figures that the source gives of its market (F96-F100, F102), counted from the ledger and the registers."""

from __future__ import annotations

from typing import Any

from linli.affairs.honor import giftroll, selectors

MASK = "mask"
CIVIL = "civil_citizen"


def honor() -> dict[str, Any]:
    """Return the figures of the whole district as they stand now."""
    found = selectors.figures()
    return {
        "members": found.members,
        "issued": found.issued,
        "redeemed": found.spent,
        "donors": giftroll.donors(),
        "goods_yuan": found.donated_fen // 100,
        "civil_citizens": selectors.commended(CIVIL),
        "credit": selectors.credit(),
        "masks": selectors.handed_out(MASK),
    }
