"""Taking orders in: a case for a new one, an amendment for a changed one, nothing for one that is the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.affairs.cases.models import Case
from linli.affairs.cases.process import CASE
from linli.gateways.hotline import orders, sheets
from linli.gateways.hotline.models import Batch, Order
from linli.gateways.hotline.orders import Read, Row
from linli.gateways.hotline.policy import REPLIES, Layout
from linli.kernel import clock
from linli.kernel.errors import Invalid, NotHere, NotNow, UserError
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor

DUTY = "hotline_clerk"
What = Literal["new", "changed", "same", "refused"]
SAVED_EVERY = 20


@dataclass(frozen=True)
class Result:
    """What became of one order: the case's number, what changed, or why it was refused."""

    line: int
    number: str
    what: What
    case: str = ""
    text: str = ""


def receive(*, actor: Actor, system: str, one: Read) -> Result:
    """Take one order in, in a transaction of its own; the same order again does nothing.

    Killed anywhere, either all of it was done or nothing, and sending it again is right in both cases.
    """
    if not one.usable or not one.number:
        first = next((p for p in one.problems if p.level == "error"), None)
        return Result(one.line, one.number, "refused", text=f"{first.column}：{first.text}" if first else "")
    try:
        with transaction.atomic():
            return _receive(actor, system, one)
    except IntegrityError:
        # Somebody else imported the same number at the same moment: theirs is the first, ours an update of it.
        with transaction.atomic():
            return _receive(actor, system, one)
    except Invalid as error:
        said = "；".join(f"{name}：{'、'.join(texts)}" for name, texts in error.errors.items())
        return Result(one.line, one.number, "refused", text=said)
    except UserError as error:
        return Result(one.line, one.number, "refused", text=str(error.message))


def _receive(actor: Actor, system: str, one: Read) -> Result:
    known = Order.objects.select_for_update().filter(system=system, number=one.number).first()
    if known is not None:
        return _update(actor, orders.layout_of(system), known, one)
    made = Case.objects.filter(external_system=system, external_number=one.number).first()
    now = clock.now()
    if made is not None:
        # It came in by POST /matters, without a file: from here on it is known as an order too.
        Order.objects.create(
            system=system, number=one.number, matter_id=made.pk, row=_kept(one.row), first_at=now, last_at=now
        )
        return Result(one.line, one.number, "same", case=made.matter.number)
    key = hashlib.sha256(f"{system}\n{one.number}".encode()).hexdigest()[:48]
    outcome = perform(process=CASE, action="receive", actor=actor, data=one.data, key=f"hotline:{key}")
    Order.objects.create(
        system=system, number=one.number, matter=outcome.matter, row=_kept(one.row), first_at=now, last_at=now
    )
    return Result(one.line, one.number, "new", case=outcome.matter.number)


def _update(actor: Actor, layout: Layout, known: Order, one: Read) -> Result:
    """Note on the case what the other system changed; the columns that we fill in are no change."""
    matter = Matter.objects.get(pk=known.matter_id)
    changed = changes(known, one.row)
    if not changed:
        Order.objects.filter(pk=known.pk).update(last_at=clock.now())
        return Result(one.line, one.number, "same", case=matter.number)
    titles = "、".join(layout.column(name) for name in changed)
    data: dict[str, Any] = {"changed": titles[:200]}
    if "content" in changed:
        data["description"] = one.data["description"]
    if "due" in changed and "external_due" in one.data:
        data["external_due"] = one.data["external_due"]
    try:
        perform(matter=matter, action="amend", actor=actor, data=data)
    except (NotNow, NotHere) as error:
        return Result(one.line, one.number, "refused", case=matter.number, text=str(error.message))
    known.row, known.last_at, known.changes = _kept(one.row), clock.now(), known.changes + 1
    known.save(update_fields=["row", "last_at", "changes"])
    return Result(one.line, one.number, "changed", case=matter.number, text=titles)


def changes(known: Order, row: Row) -> list[str]:
    """Return the fields in which ``row`` differs from the order as it came last; none once its text was erased."""
    if known.erased:
        return []
    before: Row = json.loads(known.row)
    return [name for name in row if name not in REPLIES and row[name] != before.get(name, "")]


def _kept(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True)


# -- files ------------------------------------------------------------------------------------------------------------


def may_import(actor: Actor) -> bool:
    """Return whether ``actor`` may take orders in and send replies out."""
    return actor.is_system or (DUTY in duties_of(actor) and actor.may_write)


def take_file(*, actor: Actor, system: str, name: str, content: bytes) -> Batch:
    """Keep a file of orders, read but not imported. Raises :class:`sheets.BadSheet`, :class:`NotHere`."""
    if not may_import(actor):
        raise NotHere
    layout = orders.layout_of(system)
    lines = sheets.read(content, [layout.column(column) for column in layout.required])
    rows = [(number, orders.named(layout, line)) for number, line in lines]
    if not rows:
        raise sheets.BadSheet(_("表里没有工单。"))
    return Batch.objects.create(
        system=system, name=name[-120:], by_post=actor.post, by_person=actor.person, at=clock.now(),
        rows=json.dumps(rows, ensure_ascii=False), total=len(rows),
    )  # fmt: skip


def reads_of(batch: Batch) -> list[Read]:
    """Return the rows of a file, read with the policy and the areas of today."""
    return orders.read_all(batch.system, [(line, row) for line, row in json.loads(batch.rows)])


@dataclass(frozen=True)
class Preview:
    """What importing a file would do: how many are new, changed, the same or refused, and every problem."""

    counts: dict[What, int]
    problems: list[orders.Problem]
    changed: list[Result]


def preview(batch: Batch) -> Preview:
    """Look through a whole file without writing anything."""
    reads = reads_of(batch)
    layout = orders.layout_of(batch.system)
    known = {
        order.number: order
        for order in Order.objects.filter(system=batch.system, number__in={r.number for r in reads}).select_related(
            "matter"
        )
    }
    counts: dict[What, int] = {"new": 0, "changed": 0, "same": 0, "refused": 0}
    changed: list[Result] = []
    seen: set[str] = set()
    for one in reads:
        what = _foreseen(one, known.get(one.number), seen)
        counts[what] += 1
        if what == "changed":
            names = changes(known[one.number], one.row)
            titles = "、".join(layout.column(name) for name in names)
            changed.append(Result(one.line, one.number, what, known[one.number].matter.number, titles))
        seen.add(one.number)
    return Preview(counts, [p for one in reads for p in one.problems], changed)


def _foreseen(one: Read, known: Order | None, seen: set[str]) -> What:
    if not one.usable:
        return "refused"
    if one.number in seen:
        return "same"
    if known is None:
        return "new"
    return "changed" if changes(known, one.row) else "same"


def apply(*, actor: Actor, batch: Batch, told: Callable[[int, int], None] | None = None) -> Sequence[Result]:
    """Import a file row by row, each for itself, and return what became of every row.

    Stopped anywhere, it goes on where it was; ``told(done, total)`` hears how far it is.
    """
    if not may_import(actor):
        raise NotHere
    results = [Result(**kept) for kept in batch.results]
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.APPLYING)
    for number, one in enumerate(reads_of(batch)[len(results) :], start=len(results) + 1):
        results.append(receive(actor=actor, system=batch.system, one=one))
        if number % SAVED_EVERY == 0 or number == batch.total:
            _save(batch, results)
        if told:
            told(number, batch.total)
    batch.state = Batch.State.APPLIED
    _save(batch, results)
    return results


def _save(batch: Batch, results: list[Result]) -> None:
    batch.results, batch.done = [asdict(result) for result in results], len(results)
    state = batch.state if batch.state == Batch.State.APPLIED else Batch.State.APPLYING
    Batch.objects.filter(pk=batch.pk).update(results=batch.results, done=batch.done, state=state)
