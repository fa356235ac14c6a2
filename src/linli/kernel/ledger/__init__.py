"""Double entry for points, funds and stock: append-only, never overdrawn, balanced by the database itself.

The door::

    HOME = Kind("honor.resident")                     # a role; bounded: never overdrawn
    SOURCE = Kind("honor.source", bounded=False)      # the world outside
    mine = AccountRef(HOME, person.pk, POINTS)        # opened by the first posting

    post(actor=actor, entry=Entry("patrol:42", "earn", move(AccountRef(SOURCE, area.id), mine, 5, expires_on=day)))
    hold = reserve(actor=actor, key="r:7", kind="reserve", holds=[(mine, 30)], subject_id=matter.pk)
    settle(actor=actor, key="r:7:done", kind="redeem", hold=hold.id, into=lambda account: spent)
    release(…); reverse(actor=actor, key="…", transfer_id=…)
    balance(mine).available; balance(mine, at=moment); statement(mine, limit=20); lots(mine)

Every entry has a key and happens once. Call it inside an effect of a process, and act and entry are one transaction;
several entries of one transaction go through one ``post_all``. Errors: ``Overdrawn``, ``MovedOn``, ``KeyReused``,
``AlreadyDone`` are a user's; ``Unbalanced`` is code's (docs/ledger.md).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from linli.kernel.ledger.units import FEN, PIECES, POINTS

if TYPE_CHECKING:
    from linli.kernel.ledger.errors import AlreadyDone, KeyReused, MovedOn, Overdrawn, Unbalanced
    from linli.kernel.ledger.selectors import (
        Balance,
        Lapsed,
        Line,
        Lot,
        Statement,
        accounts,
        balance,
        balances,
        by_key,
        held_by,
        holdings,
        lapsed,
        lots,
        next_lapse,
        posted_keys,
        statement,
        transfers_of,
    )
    from linli.kernel.ledger.services import Posted, lapse, post, post_all, release, reserve, reverse, settle
    from linli.kernel.ledger.values import AccountRef, Entry, Kind, Leg, move

_LATER = {
    **dict.fromkeys(("AlreadyDone", "KeyReused", "MovedOn", "Overdrawn", "Unbalanced"), "errors"),
    **dict.fromkeys(("Balance", "Lapsed", "Line", "Lot", "Statement", "accounts", "balance", "balances"), "selectors"),
    **dict.fromkeys(("by_key", "held_by", "holdings", "lapsed", "lots"), "selectors"),
    **dict.fromkeys(("next_lapse", "posted_keys", "statement", "transfers_of"), "selectors"),
    **dict.fromkeys(("Posted", "lapse", "post", "post_all", "release", "reserve", "reverse", "settle"), "services"),
    **dict.fromkeys(("AccountRef", "Entry", "Kind", "Leg", "move"), "values"),
}

__all__ = [
    "FEN",
    "PIECES",
    "POINTS",
    "AccountRef",
    "AlreadyDone",
    "Balance",
    "Entry",
    "KeyReused",
    "Kind",
    "Lapsed",
    "Leg",
    "Line",
    "Lot",
    "MovedOn",
    "Overdrawn",
    "Posted",
    "Statement",
    "Unbalanced",
    "accounts",
    "balance",
    "balances",
    "by_key",
    "held_by",
    "holdings",
    "lapse",
    "lapsed",
    "lots",
    "move",
    "next_lapse",
    "post",
    "post_all",
    "posted_keys",
    "release",
    "reserve",
    "reverse",
    "settle",
    "statement",
    "transfers_of",
]


def __getattr__(name: str) -> Any:
    # Models need Django's registry, and this package is imported before that is ready.
    if name in _LATER:
        return getattr(importlib.import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(name)
