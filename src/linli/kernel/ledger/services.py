"""Writing: the one door through which anything reaches an account.

``post`` is one statement, whole or not at all, by itself or inside the caller's transaction: an effect of a process
calls it and the act and its entry are one. Several entries of one transaction go through one ``post_all``, which takes
its locks in one order; two calls after another may wait crosswise with two calls of somebody else.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, IntegrityError

from linli.kernel import clock, ids
from linli.kernel.ledger import selectors
from linli.kernel.ledger.errors import AlreadyDone, KeyReused, MovedOn, Overdrawn, Unbalanced
from linli.kernel.ledger.values import AccountRef, Entry, Leg
from linli.kernel.posts.actors import Actor
from linli.kernel.storage.together import Together

POST = "SELECT key, id, request FROM linli_ledger_post(%s::jsonb, %s::jsonb, %s::jsonb)"


@dataclass(frozen=True)
class Posted:
    """What came of an entry: the transfer it is kept as, and whether it had been posted before."""

    id: uuid.UUID
    key: str
    repeated: bool


def post(*, actor: Actor, entry: Entry, along: Together | None = None) -> Posted:
    """Post one entry; the same key again posts nothing and returns what the first time returned.

    ``along``: the caller's rows that belong to it, written in the same statement.
    Raises :class:`Overdrawn`, :class:`MovedOn`, :class:`KeyReused` and :class:`AlreadyDone`, which a user may have
    caused, and :class:`Unbalanced`, which only code can. The transaction can then only be rolled back.
    """
    return post_all(actor=actor, entries=[entry], along=along)[0]


def post_all(*, actor: Actor, entries: Sequence[Entry], along: Together | None = None) -> list[Posted]:
    """Post several entries in one statement: all of those that are new, or none. Returned in the order given.

    Accounts are locked in the order of their ids, whichever entry they belong to.
    """
    if not entries:
        return []
    given = {entry.key: ids.uuid7() for entry in entries}
    if len(given) != len(entries):
        raise ValueError("two entries of one call share a key")
    rows = _call(_parameters(actor, entries, given), along or Together())
    found = {key: (pk, bytes(request)) for key, pk, request in rows}
    for entry in entries:
        pk, request = found[entry.key]
        if pk != given[entry.key] and request != entry.request:
            raise KeyReused(entry.key)
    return [Posted(found[e.key][0], e.key, repeated=found[e.key][0] != given[e.key]) for e in entries]


def reserve(
    *,
    actor: Actor,
    key: str,
    kind: str,
    holds: Sequence[tuple[AccountRef, int]],
    subject_id: uuid.UUID | None = None,
    basis: str = "",
) -> Posted:
    """Set amounts aside on their accounts until :func:`settle` or :func:`release`; nobody else can use them.

    What is set aside stays in the balance and does not lapse meanwhile.
    """
    legs = [Leg(account, hold=amount) for account, amount in holds]
    return post(actor=actor, entry=Entry(key, kind, legs, subject_id=subject_id, basis=basis))


def settle(
    *,
    actor: Actor,
    key: str,
    kind: str,
    hold: uuid.UUID | str,
    into: Callable[[AccountRef], AccountRef],
    subject_id: uuid.UUID | None = None,
    basis: str = "",
) -> Posted:
    """Move everything that the transfer ``hold`` set aside to where ``into`` says for each account. Two statements.

    ``hold`` is its id, or the key it was posted under. Raises :class:`AlreadyDone` when it has been settled or released
    under another key, :class:`NotHere` when it set nothing aside.
    """
    held, legs = selectors.held_by(hold), []
    for account, amount in held.parts:
        legs += [Leg(account, -amount, hold=-amount), Leg(into(account), amount)]
    return post(actor=actor, entry=Entry(key, kind, legs, subject_id=subject_id, basis=basis, closes=held.id))


def release(
    *, actor: Actor, key: str, kind: str, hold: uuid.UUID | str, subject_id: uuid.UUID | None = None, basis: str = ""
) -> Posted:
    """Give back everything that the transfer ``hold`` set aside; as :func:`settle`, and raises as it does."""
    held = selectors.held_by(hold)
    legs = [Leg(account, hold=-amount) for account, amount in held.parts]
    return post(actor=actor, entry=Entry(key, kind, legs, subject_id=subject_id, basis=basis, closes=held.id))


def reverse(
    *,
    actor: Actor,
    key: str,
    transfer_id: uuid.UUID,
    kind: str = "reversal",
    basis: str = "",
    expires_on: date | None = None,
) -> Posted:
    """Take back what a transfer moved, by a transfer the other way round; the first stays as it was.

    What comes back to an account is a new lot, good until ``expires_on``. Raises :class:`Overdrawn` when what was
    given has been used meanwhile, :class:`AlreadyDone` when it was taken back before.
    """
    transfer, moved = selectors.moved_by(transfer_id)
    legs = [Leg(account, -amount, expires_on=expires_on if amount < 0 else None) for account, amount in moved]
    return post(
        actor=actor,
        entry=Entry(key, kind, legs, subject_id=transfer.subject_id, basis=basis, reverses=transfer_id),
    )


def lapse(
    *, actor: Actor, kind: str, lots: Iterable[selectors.Lapsed], into: Callable[[AccountRef], AccountRef]
) -> int:
    """Post what has lapsed out of its accounts; return how many accounts. What moved on meanwhile waits for the next.

    ``lots`` are :func:`selectors.lapsed`; each becomes an entry of its own that holds only if nothing was posted to
    the account since it was looked at, so nobody loses points that they have just used.
    """
    done = 0
    for lot in lots:
        source = replace(Leg(lot.account, -lot.amount), after=lot.seq + 1)
        entry = Entry(f"lapse:{lot.account.id}:{lot.seq}", kind, [source, Leg(into(lot.account), lot.amount)])
        try:
            post(actor=actor, entry=entry)
        except (MovedOn, Overdrawn):
            continue
        done += 1
    return done


def _parameters(actor: Actor, entries: Sequence[Entry], given: dict[str, uuid.UUID]) -> list[str]:
    now = clock.now()
    accounts = {leg.account.id: leg.account for entry in entries for leg in entry.legs}
    transfers = [_transfer(actor, entry, given[entry.key], entry.at or now) for entry in entries]
    every = ((leg, given[entry.key]) for entry in entries for leg in entry.legs)
    legs = [_leg(leg, transfer_id) | {"no": no} for no, (leg, transfer_id) in enumerate(every)]
    rows = [_account(account, now) for account in accounts.values()]
    return [json.dumps(part, separators=(",", ":")) for part in (rows, transfers, legs)]


def _account(ref: AccountRef, now: datetime) -> dict[str, Any]:
    return {
        "id": str(ref.id),
        "owner_id": str(ref.owner_id),
        "kind": ref.kind.name,
        "unit": ref.unit,
        "item_id": str(ref.item_id) if ref.item_id else None,
        "bounded": ref.kind.bounded,
        "area_code": ref.area_code,
        "opened_at": now.isoformat(),
    }


def _transfer(actor: Actor, entry: Entry, pk: uuid.UUID, at: datetime) -> dict[str, Any]:
    return {
        "id": str(pk),
        "key": entry.key,
        "kind": entry.kind,
        "at": at.isoformat(),
        "subject_id": str(entry.subject_id) if entry.subject_id else None,
        "basis": entry.basis,
        "actor_kind": str(actor.kind),
        "post_id": str(actor.post_id) if actor.post_id else None,
        "closes": str(entry.closes) if entry.closes else None,
        "reverses": str(entry.reverses) if entry.reverses else None,
        "legs": len(entry.legs),
        "request": entry.request.hex(),
    }


def _leg(leg: Leg, transfer_id: uuid.UUID) -> dict[str, Any]:
    return {
        "account_id": str(leg.account.id),
        "seq": leg.after,
        "transfer_id": str(transfer_id),
        "amount": leg.amount,
        "hold": leg.hold,
        "expires_on": leg.expires_on.isoformat() if leg.expires_on else None,
    }


def _call(parameters: list[str], along: Together) -> list[tuple[Any, ...]]:
    try:
        return along.flush_with(POST, parameters)
    except DatabaseError as error:
        raise _meaning(error) from error


def _meaning(error: DatabaseError) -> Exception:
    """Return what the database's refusal means; the error itself when it is none of the ledger's."""
    cause: Any = error.__cause__
    state = getattr(cause, "sqlstate", None)
    if state == "LL001":
        detail = json.loads(cause.diag.message_detail)
        return Overdrawn(uuid.UUID(detail["account"]), detail["available"], detail["wanted"])
    if state == "LL003":
        return MovedOn()
    if state == "LL002":
        return Unbalanced(cause.diag.message_primary)
    constraint = cause.diag.constraint_name if isinstance(error, IntegrityError) and hasattr(cause, "diag") else ""
    if constraint in {"ledger_hold_closed_once", "ledger_reversed_once"}:
        return AlreadyDone()
    if constraint in {"ledger_held_not_negative", "ledger_posting_moves"}:
        return Unbalanced(cause.diag.message_primary)
    return error
