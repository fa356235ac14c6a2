#!/usr/bin/env python3
"""Check the trail and the seals of a Linli database without using any of Linli's code.

    python verify.py postgres://auditor@host/linli [--key FILE]

Reads three tables and recomputes every digest from what docs/architecture.md says about them. FILE holds the public key
of the seals in hexadecimal, got from the operator by another way than the database. Exit status 1 when something does
not hold. Needs the packages psycopg and cryptography.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from psycopg.rows import dict_row

Row = dict[str, Any]
PLAIN = ("matter_id", "seq", "action", "from_stage", "to_stage", "actor_kind", "post_id", "unit_id", "part")
TRAIL = """
    SELECT e.*, p.salt, p.payload FROM matters_trailentry e
    LEFT JOIN matters_trailpayload p ON p.entry_id = e.id ORDER BY e.matter_id, e.seq
"""
SEALS = "SELECT * FROM matters_seal ORDER BY number"
SEALED = "SELECT * FROM matters_sealedhead ORDER BY seal_number, matter_id"


def moment(value: datetime) -> str:
    """Return a time as digests contain it: UTC, with microseconds."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def digest_of(entry: Row) -> bytes:
    """Return SHA-256(previous digest ‖ commitment ‖ plain columns, one a line)."""
    lines = [str(entry[name]) if entry[name] is not None else "" for name in PLAIN]
    lines += [moment(entry["at"]), moment(entry["effective_at"])]
    return hashlib.sha256(entry["previous"] + entry["commitment"] + "\n".join(lines).encode()).digest()


def commitment_of(entry: Row) -> bytes:
    """Return SHA-256(salt ‖ canonical JSON of the payload)."""
    text = json.dumps(entry["payload"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(bytes(entry["salt"]) + text.encode()).digest()


def trail_faults(entries: list[Row]) -> Iterator[str]:
    """Yield what does not hold inside the trails; an erased payload is no fault."""
    before: Row | None = None
    for entry in entries:
        where = f"matter {entry['matter_id']}, entry {entry['seq']}"
        follows = before is not None and before["matter_id"] == entry["matter_id"]
        previous, number = (before["digest"], before["seq"]) if before and follows else (b"", 0)
        if entry["seq"] != number + 1:
            yield f"{where}: entry {number + 1} is missing"
        if entry["previous"] != previous:
            yield f"{where}: does not follow the entry before it"
        if digest_of(entry) != entry["digest"]:
            yield f"{where}: its columns were changed"
        if entry["salt"] is not None and commitment_of(entry) != entry["commitment"]:
            yield f"{where}: its payload was changed"
        before = entry


def seal_faults(seals: list[Row], sealed: list[Row], entries: list[Row], key: bytes | None) -> Iterator[str]:
    """Yield what does not hold in the chain of seals, or between seals and trails."""
    digests = {(entry["matter_id"], entry["seq"]): entry["digest"] for entry in entries}
    previous = b""
    for seal in seals:
        where = f"seal {seal['number']}"
        rows = [row for row in sealed if row["seal_number"] == seal["number"]]
        total = hashlib.sha256()
        for row in sorted(rows, key=lambda row: row["matter_id"]):
            total.update(row["matter_id"].bytes + row["seq"].to_bytes(8, "big") + row["head"])
            if digests.get((row["matter_id"], row["seq"])) != row["head"]:
                yield f"{where}: entry {row['seq']} of matter {row['matter_id']} is gone or was changed"
        head = f"{seal['number']}\n{moment(seal['at'])}\n{len(rows)}\n".encode()
        if hashlib.sha256(previous + head + total.digest()).digest() != seal["digest"]:
            yield f"{where}: what was sealed, or the seal itself, was changed"
        if key is not None and seal["public_key"] != key:
            yield f"{where}: signed with another key than the one given"
        try:
            Ed25519PublicKey.from_public_bytes(seal["public_key"]).verify(seal["signature"], seal["digest"])
        except InvalidSignature:
            yield f"{where}: the signature does not hold"
        previous = seal["digest"]


def faults(address: str, key: bytes | None = None) -> list[str]:
    """Return everything that does not hold in the database at ``address``."""
    with psycopg.connect(address, row_factory=dict_row) as connection:
        connection.read_only = True
        entries, seals, sealed = (connection.execute(sql).fetchall() for sql in (TRAIL, SEALS, SEALED))
    return [*trail_faults(entries), *seal_faults(seals, sealed, entries, key)]


def main() -> None:
    """Print what does not hold, one fault a line."""
    parser = argparse.ArgumentParser(description="Check the trail and the seals of a Linli database.")
    parser.add_argument("address")
    parser.add_argument("--key", type=Path)
    given = parser.parse_args()
    found = faults(given.address, bytes.fromhex(given.key.read_text().strip()) if given.key else None)
    print("\n".join(found) or "All trails and seals hold.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
