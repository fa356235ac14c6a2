"""Retention: how long each field group is kept, and the proof that it is gone.

A room says once what it keeps (:func:`retain`); the worker erases what is due, in small transactions that may
be cut off, and leaves an :class:`ErasureRecord` and a line in the register outside the database.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.utils.functional import Promise

from linli.kernel import clock
from linli.kernel.privacy import register
from linli.kernel.privacy.events import retention_days
from linli.kernel.privacy.models import ErasureRecord

Erase = Callable[["models.QuerySet[Any]"], object]
BATCH = 500


@dataclass(frozen=True, slots=True)
class Rule:
    """What is kept, for how long, why, and how it is erased."""

    name: str
    model: type[models.Model]
    field_group: str
    days: int | None
    basis: str | Promise
    since: str
    erase: Erase
    where: models.Q = field(default_factory=models.Q)

    def kept_days(self) -> int | None:
        """Return the days in force here: policy's if it has any, else the rule's own; None for no end."""
        if not retention_days.filled:
            return self.days
        return retention_days.ask(field_group=self.field_group, days=self.days)

    def due(self, moment: datetime) -> models.QuerySet[Any]:
        """Return the rows whose time is over at ``moment``."""
        days = self.kept_days()
        rows = self.model._default_manager.filter(self.where)
        if days is None:
            return rows.none()
        return rows.filter(**{f"{self.since}__lt": moment - timedelta(days=days)})


_rules: dict[str, Rule] = {}


def delete(rows: models.QuerySet[Any]) -> None:
    """Erase whole rows, without following relations."""
    rows._raw_delete(rows.db)


def blank(**values: Any) -> Erase:
    """Return an erasure that keeps the row and overwrites columns: ``blank(number="")``."""
    return lambda rows: rows.update(**values)


def retain(
    name: str,
    model: type[models.Model],
    field_group: str,
    days: int | None,
    basis: str | Promise,
    *,
    since: str = "created_at",
    where: models.Q | None = None,
    erase: Erase = delete,
) -> Rule:
    """Register that ``field_group`` in ``model`` is kept ``days`` from the moment in column ``since``.

    ``where`` must leave out rows erased already, or they are found again for ever. ``erase`` gets a queryset.
    ``name`` (``cases.reporter``) is stable: the register of erasures names it.
    """
    if name in _rules:
        raise RuntimeError(f"the retention rule {name!r} is registered already")
    rule = Rule(name, model, field_group, days, basis, since, erase, where or models.Q())
    _rules[name] = rule
    return rule


def rules() -> list[Rule]:
    """Return all rules by name, for the job, the documentation and the page that says what is kept."""
    return [_rules[name] for name in sorted(_rules)]


def run_retention(*, moment: datetime | None = None, batch: int = BATCH) -> list[ErasureRecord]:
    """Erase everything that is due, and return the proofs. It may be cut off at any time and run again."""
    cutoff = moment or clock.now()
    proofs: list[ErasureRecord] = []
    for rule in rules():
        while proof := _erase_batch(rule, cutoff, batch):
            proofs.append(proof)
    return proofs


def _erase_batch(rule: Rule, moment: datetime, batch: int) -> ErasureRecord | None:
    with transaction.atomic():
        rows = rule.due(moment).order_by("pk").values_list("pk", flat=True)
        keys = list(rows.select_for_update(skip_locked=True, of=("self",))[:batch])
        if not keys:
            return None
        days = rule.kept_days()
        return _erase(rule, keys, str(rule.basis), moment - timedelta(days=days) if days is not None else None)


def erase_now(rule_name: str, keys: Sequence[UUID], basis: str) -> ErasureRecord | None:
    """Erase these rows of a rule before their time (a person's request, the end of a mode), with a proof.

    Rows that are gone already are left out; returns None when none was left. Raises ``LookupError``.
    """
    rule = _rules.get(rule_name)
    if rule is None:
        raise LookupError(f"no retention rule {rule_name!r}")
    with transaction.atomic():
        present = rule.model._default_manager.filter(rule.where, pk__in=keys).order_by("pk")
        found = list(present.select_for_update(of=("self",)).values_list("pk", flat=True))
        return _erase(rule, found, basis, None) if found else None


def _erase(rule: Rule, keys: Sequence[Any], basis: str, cutoff: datetime | None) -> ErasureRecord:
    """Erase rows in this transaction, after naming them in the register.

    Should the transaction fail, the register names rows that were due anyway; the other way round a crash
    could leave an erasure that a restore would undo.
    """
    names = sorted(str(key) for key in keys)
    proof = ErasureRecord(
        rule=rule.name,
        field_group=rule.field_group,
        table=rule.model._meta.db_table,
        count=len(names),
        cutoff=cutoff,
        basis=basis,
        digest=hashlib.sha256(json.dumps(names).encode()).hexdigest(),
        at=clock.now(),
    )
    register.append({"id": str(proof.pk), "rule": rule.name, "at": proof.at.isoformat(), "basis": basis, "keys": names})
    _wipe(rule, keys)
    proof.save(force_insert=True)
    return proof


def _wipe(rule: Rule, keys: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        # written-once tables let rows go only in a transaction that says it erases
        cursor.execute("SELECT set_config('linli.erasing', 'on', true)")
        rule.erase(rule.model._default_manager.filter(pk__in=list(keys)))
        cursor.execute("SELECT set_config('linli.erasing', 'off', true)")


@dataclass(frozen=True, slots=True)
class Replay:
    """What :func:`replay` did: entries read, rows erased again, rules that no room knows any more."""

    entries: int
    erased: int
    unknown: tuple[str, ...]


def replay(file: Path | None = None) -> Replay:
    """Erase again, after a restore, what the register (or the newest copy of it) says was erased.

    Repeating it changes nothing. Raises :class:`register.Broken` for a register that was tampered with.
    """
    entries, erased, unknown = 0, 0, set[str]()
    for entry in register.read(file):
        entries += 1
        rule = _rules.get(entry["rule"])
        if rule is None:
            unknown.add(entry["rule"])
            continue
        with transaction.atomic():
            rows = rule.model._default_manager.filter(rule.where, pk__in=entry["keys"])
            keys = list(rows.values_list("pk", flat=True))
            if keys:
                _wipe(rule, keys)
                erased += len(keys)
    return Replay(entries, erased, tuple(sorted(unknown)))
