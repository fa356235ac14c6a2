"""An import from the file to the registry: taken, read into staging, looked through, applied, undone."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.registry.importing import annotated, applying, bodies, deciding, headings, reading, staging, undoing
from linli.affairs.registry.importing.rows import COLUMNS, Reader
from linli.affairs.registry.importing.sql import STAGED
from linli.affairs.registry.models import ColumnMap, ImportBatch, ImportRow
from linli.affairs.registry.search import index
from linli.affairs.registry.services import guards, headcounts
from linli.kernel import areas, clock, ids
from linli.kernel.areas.models import Level
from linli.kernel.areas.nodes import Node
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.posts.actors import Actor

Told = Callable[[str, int, int], None]
_PEEK = headings.LOOK_AT + 1
_EVERY = 2_000
MANY = 10_000
"""From how many rows on a batch changes what large places are counted from."""
RESIDENTS, BODIES = ImportBatch.Kind.RESIDENTS, ImportBatch.Kind.BODIES
_NO_HEAD = {
    RESIDENTS: gettext_lazy("没有找到表头：需要有“姓名”一列，最好还有身份证号、现住址。"),
    BODIES: gettext_lazy("没有找到表头：需要有“名称”一列，最好还有统一社会信用代码、地址。"),
}


def nothing(_step: str, _done: int, _total: int) -> None:
    """Hear of progress, and say nothing."""


def folder() -> Path:
    """Return where uploaded files wait for the worker; only this system's own user may look into it."""
    place = Path(settings.HOME) / "imports"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def take_file(*, actor: Actor, name: str, chunks: Iterable[bytes], kind: str = RESIDENTS) -> ImportBatch:
    """Keep an uploaded file until it is read, and return its batch. Raises :class:`NotHere`, :class:`UserError`."""
    guards.must(actor, guards.IMPORTER)
    suffix = Path(name).suffix.lower()
    path = folder() / f"{ids.uuid7()}{suffix}"
    with path.open("wb") as stream:
        for chunk in chunks:
            stream.write(chunk)
    path.chmod(0o600)
    return begin(actor=actor, path=path, name=name, kind=kind)


def begin(*, actor: Actor, path: Path, name: str = "", demo: bool = False, kind: str = RESIDENTS) -> ImportBatch:
    """Return a new batch for a file on this machine; the heading is looked at, nothing else read yet.

    Raises :class:`UserError` on ``file`` when no sheet has a heading with a name column.
    """
    guards.must(actor, guards.IMPORTER)
    mapping = _mapping(actor, path, kind)
    if not mapping:
        raise UserError(_NO_HEAD[ImportBatch.Kind(kind)], field="file")
    return ImportBatch.objects.create(
        name=(name or path.name)[:120], file=str(path), digest=reading.digest(path), mapping=mapping,
        by_post=actor.post, by_person=actor.person, at=clock.now(), demo=demo, kind=kind,
    )  # fmt: skip


def _mapping(actor: Actor, path: Path, kind: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for sheet in reading.sheets(path):
        head = headings.find(list(itertools.islice(sheet.rows, _PEEK)), kind)
        if head is not None:
            known = ColumnMap.objects.filter(unit_id=actor.unit_id, headings=head.signature).first()
            found[sheet.name] = headings.merged(head, known.mapping if known else None)
    return found


def remap(*, actor: Actor, batch: ImportBatch, sheet: str, mapping: Mapping[str, int]) -> None:
    """Use another mapping for a sheet of a batch that is not read yet, and remember it for these headings."""
    guards.must(actor, guards.IMPORTER)
    for one in reading.sheets(Path(batch.file)):
        if one.name != sheet:
            continue
        head = headings.find(list(itertools.islice(one.rows, _PEEK)), batch.kind)
        if head is None:
            break
        known = headings.fields(batch.kind)
        chosen = {f: int(at) for f, at in mapping.items() if f in known and 0 <= int(at) < len(head.labels)}
        if "name" not in chosen:
            raise UserError(_("请指明哪一列是%(name)s。") % {"name": known["name"]}, field="name")
        ColumnMap.objects.update_or_create(
            unit_id=actor.unit_id, headings=head.signature, defaults={"mapping": chosen, "used_at": clock.now()}
        )
        batch.mapping = {**batch.mapping, sheet: chosen}
        batch.state = ImportBatch.State.READING
        batch.save(update_fields=["mapping", "state"])
        return
    raise NotHere


def read(*, actor: Actor, batch: ImportBatch, told: Told = nothing) -> ImportBatch:
    """Read the file into staging and decide what each row would do; nothing of the registry is written.

    Begun again after a crash, it starts over. Raises :class:`UserError` on ``file`` for what cannot be read.
    """
    with transaction.atomic():
        staging.clear(batch)
        total = 0
        for sheet in reading.sheets(Path(batch.file)):
            if sheet.name in batch.mapping:
                total += _stage(actor, batch, sheet, told, total)
        if not total:
            raise UserError(_("文件里没有可导入的行。"), field="file")
        told(str(_("比对")), total, total)
        decide = bodies.decide if batch.kind == ImportBatch.Kind.BODIES else deciding.decide
        counted = decide(batch.pk, lambda step: told(step, total, total))
        batch.total, batch.problems = total, counted["problems"]
        batch.counts, batch.state = counted, ImportBatch.State.READ
        batch.save(update_fields=["total", "problems", "counts", "state"])
    return batch


def default_area(actor: Actor) -> Node | None:
    """Return the community or grid of whoever imports, when it is one; rows without a place lie there."""
    tree = areas.tree()
    nodes = [tree.find_id(key) for key in actor.area_ids]
    if len(nodes) == 1 and nodes[0] is not None and nodes[0].level in {Level.COMMUNITY, Level.GRID}:
        return nodes[0]
    return None


def _stage(actor: Actor, batch: ImportBatch, sheet: reading.Sheet, told: Told, before: int) -> int:
    """Copy one sheet into staging, row by row; return how many rows it had."""
    first = list(itertools.islice(sheet.rows, _PEEK))
    head = headings.find(first, batch.kind)
    if head is None:
        return 0
    if batch.kind == ImportBatch.Kind.BODIES:
        rest = itertools.chain(first[head.data_from :], sheet.rows)
        return bodies.stage(actor, batch, sheet.name, rest, default_area(actor), told, before)
    reader = Reader(batch.pk, actor, batch.mapping[sheet.name], default_area(actor), sheet.name[:40])
    count = 0
    rows = (
        made
        for line, cells in itertools.chain(first[head.data_from :], sheet.rows)
        if (made := reader.read(line, cells))
    )
    # Read first, copy then: while a COPY runs, the connection answers nobody who looks up a policy or an area.
    while part := [made[0] for made in itertools.islice(rows, _EVERY)]:
        _copy(part)
        count += len(part)
        told(str(_("读取")), before + count, 0)
    return count


def _copy(rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {STAGED} ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def problems(batch: ImportBatch, limit: int = 200) -> list[dict[str, Any]]:
    """Return the first problems of a batch as sheet, line, field, text."""
    rows = staging.rows(batch).exclude(problems=[]).order_by("sheet", "line")[:limit]
    known = headings.fields(batch.kind)
    return [
        {
            "sheet": row.sheet,
            "line": row.line,
            "field": str(known.get(p["field"], p["field"])),
            "text": p["text"],
        }
        for row in rows.only("sheet", "line", "problems")
        for p in row.problems
    ][:limit]


def apply(*, actor: Actor, batch: ImportBatch, told: Told = nothing) -> ImportBatch:
    """Write a batch that was looked through, in one transaction.

    Raises :class:`NotNow` while it has problems, or when it was applied already.
    """
    guards.must(actor, guards.IMPORTER)
    with transaction.atomic():
        current = _alone(batch)
        if current.state == ImportBatch.State.APPLIED:
            raise NotNow(_("这批已经写入。"))
        if current.problems:
            raise NotNow(_("还有 %(n)d 行有问题；请下载标注的文件，改好后重新导入。") % {"n": current.problems})
        if current.state not in {ImportBatch.State.READ, ImportBatch.State.APPLYING}:
            raise NotNow(_("这批还没有读完。"))
        if current.kind == ImportBatch.Kind.BODIES:
            bodies.write(current, lambda step: told(step, 0, 0))
        else:
            applying.write(current, lambda step: told(step, 0, 0), demo=current.demo)
            changed = ImportRow.objects.filter(batch=batch, action="update").values_list("person_id", flat=True)
            for part in _parts(changed.iterator(), 1000):
                index.residents(part)
        staging.clear(current)
        current.state, current.applied_at, current.done = ImportBatch.State.APPLIED, clock.now(), current.total
        current.save(update_fields=["state", "applied_at", "done"])
    if current.total >= MANY:
        headcounts.recount()
    _forget(current)
    return current


def _alone(batch: ImportBatch) -> ImportBatch:
    """Return the batch as it is, in a transaction that no other one on the same batch runs beside.

    The row itself is not locked: progress is written to it on another connection while this one works.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"registry.import {batch.pk}"])
    return ImportBatch.objects.get(pk=batch.pk)


def _forget(batch: ImportBatch) -> None:
    """Remove the uploaded file of a batch; a file that was named on the command line is its owner's."""
    path = Path(batch.file)
    if path.is_relative_to(folder()):
        path.unlink(missing_ok=True)


def _parts(rows: Iterable[UUID], size: int) -> Iterable[list[UUID]]:
    source = iter(rows)
    while part := list(itertools.islice(source, size)):
        yield part


def undo(*, actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Take a whole batch back. Raises :class:`NotNow` when it was not applied, or others have built on it."""
    guards.must(actor, guards.IMPORTER)
    with transaction.atomic():
        current = _alone(batch)
        if current.state != ImportBatch.State.APPLIED:
            raise NotNow(_("这批没有写入，或已经撤销。"))
        (bodies.undo if current.kind == ImportBatch.Kind.BODIES else undoing.undo)(batch.pk)
        current.state, current.undone_at = ImportBatch.State.UNDONE, clock.now()
        current.save(update_fields=["state", "undone_at"])
    return current


def give_up(*, actor: Actor, batch: ImportBatch) -> None:
    """Forget a batch that was not applied: staging and the uploaded file go."""
    guards.must(actor, guards.IMPORTER)
    if batch.state in {ImportBatch.State.APPLIED, ImportBatch.State.UNDONE}:
        raise NotNow(_("已经写入的批次不能删除，可以整批撤销。"))
    staging.clear(batch)
    _forget(batch)
    batch.delete()


def annotate(batch: ImportBatch, target: Path) -> int:
    """Write the file with its problems to ``target``; return how many rows have one."""
    return annotated.write(batch, Path(batch.file), target)


def visible(actor: Actor) -> Any:
    """Return the batches of the actor's own unit, newest first."""
    found = ImportBatch.objects.select_related("by_post__unit").order_by("-at")
    return found if actor.is_system else found.filter(by_post__unit=actor.unit_id)


def access(actor: Actor, key: UUID) -> ImportBatch:
    """Return a batch of the actor's own unit. Raises :class:`NotHere`."""
    guards.must(actor, guards.IMPORTER)
    found: ImportBatch | None = visible(actor).filter(pk=key).first()
    if found is None:
        raise NotHere
    return found
