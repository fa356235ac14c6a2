#!/usr/bin/env python3
"""Check the ledger and its seals of a Linli database without using any of Linli's code.

    python ledger.py postgres://auditor@host/linli [--key FILE]

Recomputes every balance from the lines, every transfer's sum, and every seal, from what docs/ledger.md says about them.
FILE holds the public key of the seals in hexadecimal, got from the operator by another way than the database. Exit
status 1 when something does not hold. Needs the packages psycopg and cryptography.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from psycopg.rows import dict_row

Row = dict[str, Any]
Rows = Callable[[str], list[Row]]
ACCOUNT = ("id", "owner_id", "kind", "unit", "item_id", "bounded", "area_code", "opened_at")
POSTING = ("seq", "amount", "hold", "balance", "held", "credited", "expires_on", "at")
TRANSFER = ("id", "key", "kind", "at", "subject_id", "basis", "actor_kind", "post_id", "closes", "reverses", "legs")


def word(value: Any) -> str:
    """Return a column as digests contain it: nothing for null, times in UTC with microseconds."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def line(row: Row, names: tuple[str, ...]) -> bytes:
    """Return columns with tabs between and a newline after."""
    return ("\t".join(word(row[name]) for name in names)).encode()


def line_faults(accounts: dict[Any, Row], postings: dict[Any, list[Row]]) -> Iterator[str]:
    """Yield where an account's lines do not follow one another, or go below what it may."""
    for account_id, rows in postings.items():
        balance = held = credited = 0
        for number, row in enumerate(rows, 1):
            where = f"account {account_id}, line {row['seq']}"
            balance, held = balance + row["amount"], held + row["hold"]
            credited += max(row["amount"], 0)
            if (row["seq"], row["balance"], row["held"], row["credited"]) != (number, balance, held, credited):
                yield f"{where}: does not follow from the lines before it"
                break
            if account_id in accounts and accounts[account_id]["bounded"] and balance < held:
                yield f"{where}: the account is overdrawn"


def transfer_faults(accounts: dict[Any, Row], transfers: dict[Any, Row], postings: list[Row]) -> Iterator[str]:
    """Yield which transfers are not whole or do not sum to zero by unit and item."""
    legs: dict[Any, int] = defaultdict(int)
    sums: dict[Any, int] = defaultdict(int)
    for row in postings:
        account = accounts.get(row["account_id"])
        if account is None or row["transfer_id"] not in transfers:
            yield f"account {row['account_id']}, line {row['seq']}: belongs to no account or transfer"
            continue
        legs[row["transfer_id"]] += 1
        sums[row["transfer_id"], account["unit"], account["item_id"]] += row["amount"]
    for pk, transfer in transfers.items():
        if legs[pk] != transfer["legs"]:
            yield f"transfer {pk}: {legs[pk]} lines instead of {transfer['legs']}"
    for (pk, unit, _), total in sums.items():
        if total:
            yield f"transfer {pk}: does not sum to zero in {unit}"


def digest_of(account: Row, transfers: dict[Any, Row], rows: list[Row]) -> bytes:
    """Return SHA-256 over the account's columns and its lines, each line with its transfer's columns."""
    total = hashlib.sha256(line(account, ACCOUNT) + b"\n")
    for row in rows:
        total.update(line(row, POSTING) + b"\t" + line(transfers[row["transfer_id"]], TRANSFER) + b"\n")
    return total.digest()


def seal_faults(
    seals: list[Row],
    spans: list[Row],
    accounts: dict[Any, Row],
    transfers: dict[Any, Row],
    postings: dict[Any, list[Row]],
    key: bytes | None,
) -> Iterator[str]:
    """Yield what does not hold in the chain of seals, or between seals and lines."""
    sealed: dict[int, list[Row]] = defaultdict(list)
    for span in spans:
        sealed[span["seal_number"]].append(span)
    previous = b""
    for seal in seals:
        where, content = f"seal {seal['number']}", hashlib.sha256()
        for span in sorted(sealed[seal["number"]], key=lambda span: span["account_id"]):
            pk, first, last = span["account_id"], span["first"], span["last"]
            content.update(pk.bytes + first.to_bytes(8, "big") + last.to_bytes(8, "big") + span["digest"])
            rows = [row for row in postings.get(pk, []) if first <= row["seq"] <= last]
            if pk not in accounts or digest_of(accounts[pk], transfers, rows) != span["digest"]:
                yield f"account {pk}, lines {first} to {last}: is not what {where} sealed"
        head = f"{seal['number']}\n{word(seal['at'])}\n{len(sealed[seal['number']])}\n".encode()
        if hashlib.sha256(previous + head + content.digest()).digest() != seal["digest"]:
            yield f"{where}: what was sealed, or the seal itself, was changed"
        if key is not None and seal["public_key"] != key:
            yield f"{where}: signed with another key than the one given"
        try:
            Ed25519PublicKey.from_public_bytes(seal["public_key"]).verify(seal["signature"], seal["digest"])
        except InvalidSignature:
            yield f"{where}: the signature does not hold"
        previous = seal["digest"]


def all_faults(rows: Rows, key: bytes | None = None) -> Iterator[str]:
    """Yield everything that does not hold in the tables that ``rows`` reads."""
    accounts = {row["id"]: row for row in rows("SELECT * FROM ledger_account")}
    transfers = {row["id"]: row for row in rows("SELECT * FROM ledger_transfer")}
    lines = rows("SELECT * FROM ledger_posting ORDER BY account_id, seq")
    postings: dict[Any, list[Row]] = defaultdict(list)
    for row in lines:
        postings[row["account_id"]].append(row)
    yield from line_faults(accounts, postings)
    yield from transfer_faults(accounts, transfers, lines)
    seals = rows("SELECT * FROM ledger_dayseal ORDER BY number")
    spans = rows("SELECT * FROM ledger_sealedspan")
    yield from seal_faults(seals, spans, accounts, transfers, postings, key)


def main() -> None:
    """Print what does not hold, one fault a line."""
    parser = argparse.ArgumentParser(description="Check the ledger and its seals of a Linli database.")
    parser.add_argument("address")
    parser.add_argument("--key", type=Path)
    given = parser.parse_args()
    key = bytes.fromhex(given.key.read_text().strip()) if given.key else None
    with psycopg.connect(given.address, row_factory=dict_row) as connection:
        connection.read_only = True
        found = list(all_faults(lambda sql: connection.execute(sql).fetchall(), key))
    print("\n".join(found) or "The ledger and its seals hold.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
