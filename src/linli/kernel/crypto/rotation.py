"""Re-encrypting everything with the current key and algorithm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from linli.kernel.crypto import ciphers
from linli.kernel.crypto.fields import EncryptedTextField


def columns() -> Iterator[tuple[type[models.Model], EncryptedTextField]]:
    """Yield every encrypted column of the installed apps."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field


def pending() -> dict[str, int]:
    """Return for each encrypted column how many values still use an older key or algorithm."""
    counts: dict[str, int] = {}
    with connection.cursor() as cursor:
        for model, field in columns():
            sql = f"SELECT count(*) FROM {_quoted(model)} WHERE {_old(field)}"  # noqa: S608 - names of our models
            cursor.execute(sql, [ciphers.current_prefix() + "%"])
            counts[_name(model, field)] = cursor.fetchone()[0]
    return counts


def rotate(*, batch: int = 500, progress: Callable[[str, int], object] | None = None) -> dict[str, int]:
    """Re-encrypt with the current key and algorithm what uses an older one; returns how many by column.

    In batches, each its own transaction: it may be stopped at any time and run again, while people work.
    ``progress`` is called with the column and the number done so far. The old key may leave the ring when
    :func:`pending` is all zeros and the last backup that needs it is gone.
    """
    done: dict[str, int] = {}
    for model, field in columns():
        name = _name(model, field)
        done[name] = 0
        while count := _rotate_batch(model, field, batch):
            done[name] += count
            if progress:
                progress(name, done[name])
    return done


def _rotate_batch(model: type[models.Model], field: EncryptedTextField, batch: int) -> int:
    table, quote = _quoted(model), connection.ops.quote_name
    key, column = quote(str(model._meta.pk.column)), quote(str(field.column))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {column} FROM {table} WHERE {_old(field)} "  # noqa: S608 - names of our models
            f"ORDER BY {key} LIMIT %s FOR UPDATE",
            [ciphers.current_prefix() + "%", batch],
        )
        rows: list[tuple[Any, str]] = cursor.fetchall()
        cursor.executemany(
            f"UPDATE {table} SET {column} = %s WHERE {key} = %s",  # noqa: S608 - names of our models
            [(ciphers.encrypt(ciphers.decrypt(stored, field.aad), field.aad), pk) for pk, stored in rows],
        )
    return len(rows)


def _old(field: EncryptedTextField) -> str:
    column = connection.ops.quote_name(str(field.column))
    return f"{column} <> '' AND {column} NOT LIKE %s"


def _quoted(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _name(model: type[models.Model], field: EncryptedTextField) -> str:
    return f"{model._meta.db_table}.{field.column}"
