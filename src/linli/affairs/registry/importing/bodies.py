"""Lists of organisations: the same way as residents, row by row, since a district has thousands of them, not a million.

What a row says is checked (the credit code by GB 32100), found by key, code, or name in the community, compared with
what is there, written as a whole, and undone as a whole.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from linli.affairs.registry.importing import cleaning, undoing
from linli.affairs.registry.importing.rows import Problem, Reader
from linli.affairs.registry.models import House, ImportBatch, ImportBody, ImportChange, OrganisationRecord
from linli.affairs.registry.search import addresses, index
from linli.affairs.registry.services.organisations import KINDS
from linli.kernel import areas, clock
from linli.kernel.areas import Node
from linli.kernel.areas.models import Level
from linli.kernel.errors import NotNow, UserError
from linli.kernel.people import numbers
from linli.kernel.people.models import Organisation
from linli.kernel.posts.actors import Actor

Told = Callable[[str], None]
PART = 1_000
_C = OrganisationRecord.Category
CATEGORIES: dict[str, str] = {
    **dict.fromkeys(("企业", "公司", "有限责任公司", "股份有限公司", "工厂", "合作社", "农民专业合作社"), _C.ENTERPRISE),
    **dict.fromkeys(("商户", "个体", "个体户", "个体工商户", "商铺", "门店", "店铺", "餐饮"), _C.SHOP),
    **dict.fromkeys(("机关", "事业单位", "机关事业单位", "机关单位", "学校", "医院", "卫生院"), _C.INSTITUTION),
    **dict.fromkeys(("社会组织", "社会团体", "社团", "民办非企业", "民办非企业单位", "社会服务机构", "基金会", "协会"), _C.SOCIAL),
    **dict.fromkeys(("党组织", "党支部", "党总支", "党委"), _C.PARTY),
    **dict.fromkeys(("自治队伍", "队伍", "志愿队伍", "志愿服务队", "文体队伍", "自组织"), _C.TEAM),
}  # fmt: skip
BY_CODE = {"11": _C.INSTITUTION, "12": _C.INSTITUTION, "51": _C.SOCIAL, "52": _C.SOCIAL, "53": _C.SOCIAL,
           "91": _C.ENTERPRISE, "92": _C.SHOP, "93": _C.ENTERPRISE}  # fmt: skip
"""The first two characters of a credit code: who registers the body, and as what (GB 32100, table 1)."""


def stage(
    actor: Actor, batch: ImportBatch, name: str, rows: Iterable[tuple[int, Sequence[Any]]], default: Node | None,
    told: Callable[[str, int, int], None], before: int,
) -> int:  # fmt: skip
    """Put the rows of one sheet into staging; return how many."""
    reader = Reader(batch.pk, actor, batch.mapping[name], default, name[:40])
    made = (row for line, cells in rows if (row := _row(reader, line, cells)) is not None)
    count = 0
    for part in _parts(made):
        ImportBody.objects.bulk_create(part)
        count += len(part)
        told(str(_("读取")), before + count, 0)
    return count


def _parts(rows: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(rows)
    while part := list(itertools.islice(source, PART)):
        yield part


def _row(reader: Reader, line: int, cells: Sequence[Any]) -> ImportBody | None:
    """Return a row as staging keeps it, with its problems; ``None`` for an empty one."""
    given = {name: cells[at] if at < len(cells) else None for name, at in reader.mapping.items()}
    if all(cell is None or str(cell).strip() == "" for cell in given.values()):
        return None
    found: list[Problem] = []
    code = reader.take(given, "uscc", _code, "", found)
    place = reader.place(given, found)
    address = cleaning.text(given.get("address"))
    if len(address) > 120:
        found.append(Problem("address", _("地址太长（最长120字）。")))
    return ImportBody(
        batch_id=reader.batch_id, sheet=reader.sheet, line=line, key=reader.take(given, "key", _key, None, found),
        name=reader.take(given, "name", _name, "", found), uscc=code, area_id=place.id if place else None,
        category=_category(given, code, found), address=address[:120], plain=addresses.plain(address)[:160],
        phone=reader.take(given, "phone", cleaning.phone, "", found),
        business=cleaning.text(given.get("business"))[:60],
        opened_on=reader.take(given, "opened_on", cleaning.past_day, None, found),
        problems=[problem.as_json() for problem in found],
    )  # fmt: skip


def _name(cell: Any) -> str:
    name = cleaning.text(cell)
    if not name or len(name) > 100:
        raise UserError(_("请填写名称（最长100字）。"))
    return name


def _code(cell: Any) -> str:
    """Return a checked credit code. Raises :class:`UserError`, also for one that a spreadsheet made a number of."""
    text = cleaning.text(cell)
    if not text:
        return ""
    if (isinstance(cell, float | int) and abs(cell) >= 1e14) or "E+" in text.upper():
        raise UserError(_("代码被表格软件改成了数字；请把这一列设为“文本”后重新填写。"))
    return numbers.check_credit_code(text)


def _key(cell: Any) -> UUID | None:
    text = cleaning.text(cell)
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise UserError(_("登记簿编号不对；请不要改动导出的编号，新增的留空。")) from error


def _category(given: dict[str, Any], code: str, found: list[Problem]) -> str:
    """Return what a body is: as the row says, else as its credit code says."""
    word = cleaning.text(given.get("category"))
    if word in CATEGORIES:
        return CATEGORIES[word]
    by_title = {str(title): value for value, title in _C.choices}
    if word in by_title:
        return by_title[word]
    if word:
        listed = "、".join(by_title)
        found.append(
            Problem(
                "category", _("没有“%(word)s”这个类别；请从这几类里选：%(list)s。") % {"word": word, "list": listed}
            )
        )
        return ""
    if code[:2] in BY_CODE:
        return str(BY_CODE[code[:2]])
    found.append(Problem("category", _("看不出类别；请填写企业、商户、机关事业单位、社会组织、党组织或自治队伍。")))
    return ""


# -- deciding -----------------------------------------------------------------------------------------------------


def decide(batch: UUID, told: Told = lambda _step: None) -> dict[str, int]:
    """Decide what each row would do; return counts: rows, new, update, same, problems."""
    told(str(_("比对")))
    seen: dict[Any, int] = {}
    counted: dict[str, int] = defaultdict(int)
    for part in _parts(ImportBody.objects.filter(batch=batch).order_by("pk").iterator(PART)):
        known = _known(part)
        homes = _houses(part)
        for row in part:
            _twice(row, seen)
            _settle(row, homes)
            _compare(row, known)
            counted["rows"] += 1
            counted["problems" if row.problems else row.action] += 1
        ImportBody.objects.bulk_update(
            part, ["organisation_id", "house_id", "area_id", "action", "changed", "problems"]
        )
    return {name: counted[name] for name in ("rows", "new", "update", "same", "problems")}


def _wrong(row: ImportBody, field: str, text: str) -> None:
    row.problems = [*row.problems, Problem(field, text).as_json()]


def _twice(row: ImportBody, seen: dict[Any, int]) -> None:
    mark: Any = row.uscc or (row.name, row.plain)
    first = seen.setdefault(mark, row.line)
    if first != row.line:
        field = "uscc" if row.uscc else "name"
        _wrong(row, field, _("与第%(line)d行重复；请留一行。") % {"line": first})


class _Known:
    """The bodies that the rows of a part may speak of."""

    def __init__(self, records: Iterable[OrganisationRecord]) -> None:
        self.by_key: dict[UUID, OrganisationRecord] = {}
        self.by_code: dict[str, OrganisationRecord] = {}
        self.by_name: dict[tuple[str, UUID | None], list[OrganisationRecord]] = defaultdict(list)
        for record in records:
            body = record.organisation
            self.by_key[record.pk] = record
            if body.uscc:
                self.by_code[body.uscc] = record
            self.by_name[body.name, community_of(record.area_id)].append(record)


def community_of(area_id: UUID | None) -> UUID | None:
    """Return the community that an area is or lies in."""
    tree = areas.tree()
    node = tree.find_id(area_id) if area_id else None
    community = tree.at_level(node, Level.COMMUNITY) if node else None
    return community.id if community else None


def _known(part: Sequence[ImportBody]) -> _Known:
    records = OrganisationRecord.objects.select_related("organisation")
    found = records.filter(pk__in=[row.key for row in part if row.key])
    found |= records.filter(organisation__uscc__in=[row.uscc for row in part if row.uscc])
    found |= records.filter(organisation__name__in=[row.name for row in part])
    return _Known(found)


def _houses(part: Sequence[ImportBody]) -> dict[tuple[str, UUID | None], list[House]]:
    found: dict[tuple[str, UUID | None], list[House]] = defaultdict(list)
    for house in House.objects.filter(plain__in=[row.plain for row in part if row.plain], valid_to=None):
        found[house.plain, community_of(house.area_id)].append(house)
    return found


def _settle(row: ImportBody, homes: dict[tuple[str, UUID | None], list[House]]) -> None:
    """Put a row at its house, where its address means one; two are a problem."""
    fit = homes.get((row.plain, community_of(row.area_id)), []) if row.plain else []
    if len(fit) > 1:
        _wrong(row, "address", _("这个地址对应两处以上房屋；请写明网格或楼幢。"))
    elif fit:
        row.house_id, row.area_id = fit[0].pk, fit[0].area_id


def _compare(row: ImportBody, known: _Known) -> None:
    """Say whether a row is new, changes something, or says what is known already; note what contradicts."""
    record = _of(row, known)
    if record is None:
        row.action = "new"
        return
    row.organisation_id = record.pk
    body = record.organisation
    if row.uscc and body.uscc and row.uscc != body.uscc:
        _wrong(row, "uscc", _("统一社会信用代码与登记簿不同；请核对是不是同一个组织。"))
    if record.closed_on is not None:
        _wrong(row, "name", _("这个组织已登记结束；如已恢复请在登记卡上更正。"))
    if row.area_id is not None and community_of(row.area_id) != community_of(record.area_id):
        _wrong(row, "community", _("这个组织登记在另一个社区；迁来的请由当地先登记迁出。"))
    row.changed = [name for name, differs in _differences(row, record).items() if differs]
    row.action = "update" if row.changed else "same"


def _of(row: ImportBody, known: _Known) -> OrganisationRecord | None:
    if row.key is not None:
        found = known.by_key.get(row.key)
        if found is None:
            _wrong(row, "key", _("登记簿里没有这个编号；请用导出时的编号，新增的留空。"))
        return found
    if row.uscc and row.uscc in known.by_code:
        return known.by_code[row.uscc]
    same = known.by_name.get((row.name, community_of(row.area_id)), [])
    same = [record for record in same if not (row.uscc and record.organisation.uscc)]
    return same[0] if len(same) == 1 else None


def _differences(row: ImportBody, record: OrganisationRecord) -> dict[str, bool]:
    body = record.organisation
    return {
        "name": bool(row.name) and row.name != body.name,
        "uscc": bool(row.uscc) and not body.uscc,
        "category": bool(row.category) and row.category != record.category,
        "address": bool(row.address) and (row.house_id or row.address) != (record.house_id or body.address),
        "phone": bool(row.phone) and row.phone != record.phone,
        "business": bool(row.business) and row.business != record.business,
        "opened_on": row.opened_on is not None and row.opened_on != record.opened_on,
    }


# -- writing ------------------------------------------------------------------------------------------------------


def write(batch: ImportBatch, told: Told = lambda _step: None) -> None:
    """Write what was decided for a batch. Call it inside a transaction. Raises :class:`NotNow` for a code taken since."""
    told(str(_("写入组织")))
    staged = ImportBody.objects.filter(batch=batch).order_by("pk")
    try:
        for part in _parts(staged.filter(action="new").iterator(PART)):
            _add(batch, part)
        for part in _parts(staged.filter(action="update").iterator(PART)):
            _change(batch, part)
    except IntegrityError as error:
        raise NotNow(_("有的统一社会信用代码后来已被登记；请重新上传这个文件。")) from error


def _add(batch: ImportBatch, part: Sequence[ImportBody]) -> None:
    made = [
        Organisation(
            name=row.name, kind=KINDS[_C(row.category)], uscc=row.uscc or None, area_id=row.area_id,
            address=row.address, created_at=clock.now(),
        )
        for row in part
    ]  # fmt: skip
    Organisation.objects.bulk_create(made)
    OrganisationRecord.objects.bulk_create(_record(batch, body, row) for body, row in zip(made, part, strict=True))
    index.organisations([body.pk for body in made])


def _record(batch: ImportBatch, body: Organisation, row: ImportBody) -> OrganisationRecord:
    if row.area_id is None:  # a row without a place has a problem, and a batch with problems is not written
        raise NotNow(_("有的行没有社区；请重新上传这个文件。"))
    return OrganisationRecord(
        organisation=body, category=row.category, area_id=row.area_id, house_id=row.house_id, phone=row.phone,
        business=row.business, opened_on=row.opened_on, batch_id=batch.pk, source="import", next_check_on=clock.today(),
    )  # fmt: skip


def _change(batch: ImportBatch, part: Sequence[ImportBody]) -> None:
    """Change bodies that were there before, and remember what they had."""
    keys = [row.organisation_id for row in part]
    _remember(batch, "people_organisation", "id", keys, ("name", "pinyin", "uscc", "kind", "address", "area_id"))
    _remember(batch, "registry_organisationrecord", "organisation_id", keys,
              ("category", "area_id", "house_id", "phone", "business", "opened_on"))  # fmt: skip
    records = OrganisationRecord.objects.select_related("organisation").in_bulk([key for key in keys if key])
    for row in part:
        record = records[row.organisation_id] if row.organisation_id else None
        if record is None:
            continue
        body = record.organisation
        for name in row.changed:
            if name in {"name", "uscc"}:
                setattr(body, name, getattr(row, name))
            elif name != "address":
                setattr(record, name, getattr(row, name))
        if "address" in row.changed:
            body.address, record.house_id = row.address, row.house_id
            record.area_id = row.area_id or record.area_id
            body.area_id = record.area_id
        body.kind = KINDS[_C(record.category)]
        body.save()
        record.save()
    index.organisations([key for key in keys if key])


def _remember(batch: ImportBatch, table: str, key: str, keys: Sequence[UUID | None], columns: Sequence[str]) -> None:
    pairs = ", ".join(f"'{name}', to_jsonb(r.{name})" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO registry_importchange (id, batch_id, "table", row_id, before) SELECT'
            f" (left(r.{key}::text, 24) || substr(md5(r.{key}::text || %s::text || '{table}'), 1, 12))::uuid,"
            f" %s, '{table}', r.{key}, jsonb_build_object({pairs}) FROM {table} r WHERE r.{key} = ANY(%s)",
            [batch.pk, batch.pk, list(keys)],
        )


# -- undoing ------------------------------------------------------------------------------------------------------


def undo(batch: UUID) -> None:
    """Undo a batch. Raises :class:`NotNow` when others have built on what it made; nothing is changed then."""
    made = list(OrganisationRecord.objects.filter(batch_id=batch).values_list("pk", flat=True))
    touched = ImportChange.objects.filter(batch=batch, table="registry_organisationrecord")
    changed = list(touched.values_list("row_id", flat=True))
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            undoing.restore(batch)
            for statement in (
                "DELETE FROM registry_entry WHERE id = ANY(%s)",
                "DELETE FROM registry_organisationrecord WHERE organisation_id = ANY(%s)",
                "DELETE FROM people_organisation WHERE id = ANY(%s)",
            ):
                with connection.cursor() as cursor:
                    cursor.execute(statement, [made])
    except IntegrityError as error:
        raise NotNow(
            _("这批导入的组织后来又办了别的事（登记了人、走访、事项等），不能整批撤销；请逐条更正。")
        ) from error
    index.organisations(changed)
