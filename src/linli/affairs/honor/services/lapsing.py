"""Points that nobody used in time leave their accounts, in the night; what is set aside stays."""

from __future__ import annotations

import uuid
from functools import partial

from linli.affairs.honor import accounts
from linli.affairs.honor.models import Member
from linli.kernel import clock, ledger
from linli.kernel.ledger import AccountRef
from linli.kernel.posts.actors import system_actor

BATCH = 500


def lapse() -> int:
    """Post what has lapsed by today; return in how many accounts. Bears being cut off and run again."""
    done = 0
    while lots := ledger.lapsed([accounts.HOLDER], clock.today(), limit=BATCH):
        members = {m.pk: m for m in Member.objects.filter(pk__in=[lot.account.owner_id for lot in lots])}
        sinks = {pk: accounts.beside(accounts.LAPSED, member) for pk, member in members.items()}
        posted = ledger.lapse(actor=system_actor(), kind="lapse", lots=lots, into=partial(_sink, sinks))
        done += posted
        if posted < len(lots):
            break
    return done


def _sink(sinks: dict[uuid.UUID, AccountRef], account: AccountRef) -> AccountRef:
    return sinks[account.owner_id]
