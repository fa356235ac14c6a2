"""The same rows, written by hand: one plain INSERT or UPDATE for each, in one transaction.

What an action wrote is read from the write-ahead log (``test_decoding``), so nothing is left out and nothing
flattered. For each replay, keys that the action made are made anew, in every column that names them; so are the
values of other unique columns.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from linli.kernel import ids

SLOT = "linli_bench"
SPINE = "matters_matter"
BY_TRIGGER = {"tallies_unfolded", "procrastinate_events"}
"""Rows that a trigger of another row writes: it writes them for the bare work, too."""
HEAD = re.compile(r'^table (?:public\.)?"?([^\s":]+)"?: (INSERT|UPDATE|DELETE): ')
CELL = re.compile(r"\"?([a-z_0-9]+)\"?\[((?:[^\[\]]|\[\])+)\]:('(?:[^']|'')*'|[^\s]+)(?: |$)", re.DOTALL)
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


@dataclass(frozen=True)
class Written:
    """One row that an action wrote: its table, how, and its values as PostgreSQL prints them."""

    table: str
    how: str
    values: dict[str, str | None]
    types: dict[str, str]


@contextmanager
def reading(admin: psycopg.Connection[Any]) -> Iterator[Callable[[], list[Written]]]:
    """Yield a function that returns what was written since the block began (or since its last call)."""
    admin.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s", [SLOT])
    admin.execute("SELECT pg_create_logical_replication_slot(%s, 'test_decoding')", [SLOT])
    call = "SELECT data FROM pg_logical_slot_get_changes(%s, NULL, NULL, 'skip-empty-xacts', '1', 'include-xids', '0')"
    try:
        yield lambda: [row for (line,) in admin.execute(call, [SLOT]) if (row := _parse(line)) is not None]
    finally:
        admin.execute("SELECT pg_drop_replication_slot(%s)", [SLOT])


def _parse(line: str) -> Written | None:
    head = HEAD.match(line)
    if head is None:
        return None
    table, how = head.groups()
    # The log names the month's partition; the web's role writes to the table, as ours does.
    table = re.sub(r"_\d{6}$", "", table)
    body = line[head.end() :]
    if "new-tuple: " in body:
        body = body.split("new-tuple: ", 1)[1]
    if table in BY_TRIGGER:
        return None
    values: dict[str, str | None] = {}
    types: dict[str, str] = {}
    for name, kind, raw in CELL.findall(body):
        if raw == "unchanged-toast-datum":
            continue
        values[name] = None if raw == "null" else raw[1:-1].replace("''", "'") if raw.startswith("'") else raw
        types[name] = kind
    return Written(table, how, values, types)


@dataclass
class Replay:
    """The rows of one action, to be written again and again."""

    rows: list[Written]
    unique: dict[str, set[str]]
    serial: dict[str, set[str]]

    @classmethod
    def of(cls, rows: list[Written], admin: psycopg.Connection[Any]) -> Replay:
        """Return the replay of ``rows``; the catalog says which columns are unique or count by themselves."""
        unique: dict[str, set[str]] = {}
        serial: dict[str, set[str]] = {}
        for table in {row.table for row in rows}:
            unique[table] = {name for (name,) in admin.execute(_UNIQUE, [table])}
            serial[table] = {name for (name,) in admin.execute(_SERIAL, [table])}
        return cls(rows, unique, serial)

    def counts(self) -> dict[str, int]:
        """Return how many rows are written, by table."""
        found: dict[str, int] = {}
        for row in self.rows:
            found[f"{row.how.lower()} {row.table}"] = found.get(f"{row.how.lower()} {row.table}", 0) + 1
        return found

    def moved(self) -> str:
        """Return the key of the one matter that the action changed and did not make; ``""`` when it made it."""
        made = {row.values["id"] for row in self.rows if row.table == SPINE and row.how == "INSERT"}
        changed = {row.values["id"] for row in self.rows if row.table == SPINE and row.how == "UPDATE"} - made
        return str(changed.pop()) if changed else ""

    def run(self, connection: psycopg.Connection[Any], matter: str = "") -> None:
        """Write the rows once more, in one transaction; to ``matter`` instead of the one that was changed."""
        with connection.transaction():
            for row, values in self.anew(matter):
                connection.execute(*statement(row, values))

    def anew(self, matter: str = "") -> Iterator[tuple[Written, dict[str, str | None]]]:
        """Yield the rows with the values of one more writing: other keys, another matter."""
        fresh = {self.moved(): matter} if matter else {}
        fresh |= {
            str(row.values["id"]): str(ids.uuid7())
            for row in self.rows
            if row.how == "INSERT" and row.types.get("id") == "uuid"
        }
        again = re.compile("|".join(fresh)) if fresh else None
        for row in self.rows:
            yield row, {name: self._value(row, name, fresh, again) for name in self._columns(row)}

    def _columns(self, row: Written) -> list[str]:
        """Return the columns to write: not those that count by themselves, nor a number that a change keeps."""
        if row.how == "INSERT":
            return [name for name in row.values if name not in self.serial[row.table]]
        kept = self.unique[row.table] - {"id", "matter_id", "case_id"}
        return [name for name in row.values if name not in kept]

    def _value(self, row: Written, name: str, fresh: dict[str, str], again: re.Pattern[str] | None) -> str | None:
        value = row.values[name]
        if value is None:
            return value
        if row.how == "INSERT" and name in self.unique[row.table] and row.types[name] != "uuid":
            return _another(value, row.types[name])
        if again is not None and row.types[name].startswith(("uuid", "json")):
            return again.sub(lambda found: fresh[found.group()], value)
        return value


_UNIQUE = """
SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
WHERE i.indrelid = %s::regclass AND i.indisunique AND i.indnkeyatts = 1
"""
_SERIAL = """
SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0
AND (attidentity <> '' OR attgenerated <> '')
"""


def _another(value: str, kind: str) -> str:
    if kind == "bytea":
        return "\\x" + os.urandom(max(1, len(value) // 2 - 1)).hex()
    if kind in {"integer", "bigint", "smallint"}:
        return str(secrets.randbelow(2**30))
    return (value[:8] + secrets.token_hex(12))[: max(len(value), 20)]


def statement(row: Written, values: dict[str, str | None]) -> tuple[sql.Composed, list[str | None]]:
    """Return the plain statement that writes one row, with its parameters."""
    names = list(values)
    cast = {name: sql.SQL("%s::" + row.types[name]) for name in names}
    if row.how == "INSERT":
        text = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(row.table),
            sql.SQL(", ").join(map(sql.Identifier, names)),
            sql.SQL(", ").join(cast[name] for name in names),
        )
        return text, list(values.values())
    key = "id" if "id" in values else names[0]
    if row.how == "DELETE":
        text = sql.SQL("DELETE FROM {} WHERE {} = {}").format(sql.Identifier(row.table), sql.Identifier(key), cast[key])
        return text, [values[key]]
    rest = [name for name in names if name != key]
    text = sql.SQL("UPDATE {} SET {} WHERE {} = {}").format(
        sql.Identifier(row.table),
        sql.SQL(", ").join(sql.SQL("{} = {}").format(sql.Identifier(name), cast[name]) for name in rest),
        sql.Identifier(key),
        cast[key],
    )
    return text, [*(values[name] for name in rest), values[key]]
