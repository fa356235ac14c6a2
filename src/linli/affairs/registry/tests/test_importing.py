"""Files as communities have them: read whatever their shape, refused row by row, applied and undone as a whole."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner
from django.db import connection
from django.forms.models import model_to_dict
from python_calamine import CalamineWorkbook
from tests.support.world import COMMUNITY, World

from linli.affairs.registry import services
from linli.affairs.registry.importing import applying, cleaning, headings, reading, running, sql
from linli.affairs.registry.importing import services as importing
from linli.affairs.registry.models import Entry, House, ImportBatch, ImportRow, Resident, Tag, Vault
from linli.affairs.registry.tests.support import number
from linli.kernel import people
from linli.kernel.errors import NotNow, UserError
from linli.kernel.people.models import Contact, Membership, Person

pytestmark = pytest.mark.django_db
HEAD = ["序号", "姓名", "身份证号码", "联系电话", "现住址", "户号", "与户主关系", "人员标签"]
ONE, TWO = number(date(1952, 3, 4)), number(date(1955, 6, 7), 994)
ROWS = [
    ["1", "李建国", ONE, "13800001111", "青云路18号3幢2单元502室", "H1", "户主", "独居"],
    ["2", "王秀英", TWO, "13800001111", "青云路１８号三栋２单元５０２", "H1", "妻子", ""],
]


def as_csv(path: Path, rows, encoding="utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def batch_of(actor, path: Path) -> ImportBatch:
    return importing.read(actor=actor, batch=importing.begin(actor=actor, path=path))


def texts(batch: ImportBatch) -> list[tuple[int, str, str]]:
    return [(p["line"], p["field"], p["text"]) for p in importing.problems(batch)]


def test_a_file_becomes_people_houses_and_a_household(keeper, tmp_path) -> None:
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, *ROWS]))
    assert batch.counts == {"rows": 2, "new": 2, "update": 0, "same": 0, "problems": 0}
    assert not Resident.objects.exists()
    importing.apply(actor=keeper, batch=batch)
    one = Resident.objects.get(born_on=date(1952, 3, 4))
    assert one.id_number == ONE
    assert House.objects.count() == 1
    assert Membership.objects.filter(relation="head").get().person_id == one.pk
    assert Tag.objects.get().code == "alone"
    assert people.find_by_phone("13800001111") == one.person
    assert Contact.objects.filter(shared=True).count() == 1
    assert not ImportRow.objects.exists()


def test_a_large_batch_says_the_same_as_a_small_one(keeper, tmp_path, monkeypatch) -> None:
    """The path of a million rows, on two: joined by sets, a shared number owned once, then changed and undone."""
    monkeypatch.setattr(sql, "LARGE", 1)
    importing.apply(actor=keeper, batch=batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, *ROWS])))
    shared = Contact.objects.get(shared=True)
    assert shared.person == Resident.objects.get(born_on=date(1955, 6, 7)).person
    moved = [[*ROWS[0][:3], "13800002222", *ROWS[0][4:]], [*ROWS[1][:3], "13800002222", *ROWS[1][4:]]]
    batch = batch_of(keeper, as_csv(tmp_path / "b.csv", [HEAD, *moved]))
    assert batch.counts == {"rows": 2, "new": 0, "update": 2, "same": 0, "problems": 0}
    importing.apply(actor=keeper, batch=batch)
    assert sorted(Contact.objects.filter(ended_at=None).values_list("shared", flat=True)) == [False, True]
    importing.undo(actor=keeper, batch=batch)
    assert people.find_by_phone("13800001111") == Resident.objects.get(born_on=date(1952, 3, 4)).person


def test_what_was_imported_is_found_as_if_it_had_been_registered(keeper, tmp_path) -> None:
    from linli.affairs.registry.search import box, index

    importing.apply(actor=keeper, batch=batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, *ROWS])))
    for text in ("李建国", "ljg", ONE, "1111", "青云路18号3幢502", "独居"):
        assert box.find(keeper, text).total, text
    imported = {entry.pk: _all_of(entry) for entry in Entry.objects.all()}
    index.residents(Resident.objects.values_list("pk", flat=True))
    index.houses(House.objects.values_list("pk", flat=True))
    assert {entry.pk: _all_of(entry) for entry in Entry.objects.all()} == imported


def _all_of(entry: Entry) -> dict[str, object]:
    return model_to_dict(entry) | {"tokens": sorted(entry.tokens)}


def test_the_same_file_again_changes_nothing(keeper, tmp_path) -> None:
    path = as_csv(tmp_path / "a.csv", [HEAD, *ROWS])
    importing.apply(actor=keeper, batch=batch_of(keeper, path))
    assert batch_of(keeper, path).counts == {"rows": 2, "new": 0, "update": 0, "same": 2, "problems": 0}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_any_usual_encoding_is_read(keeper, tmp_path, encoding: str) -> None:
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, *ROWS], encoding))
    assert batch.problems == 0
    assert ImportRow.objects.filter(batch=batch).order_by("line")[0].name == "李建国"


def test_merged_heads_several_sheets_and_dates_as_text(keeper, tmp_path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    first, second = book.add_worksheet("一网格"), book.add_worksheet("说明")
    first.merge_range(0, 0, 0, 4, "青云社区居民登记表")
    first.merge_range(1, 0, 2, 0, "序号")
    first.merge_range(1, 1, 1, 3, "基本信息")
    for at, label in enumerate(("姓  名*", "出生年月\n（必填）", "手机"), start=1):
        first.write(2, at, label)
    first.merge_range(1, 4, 2, 4, "家庭住址")
    for at, cell in enumerate((1, "李建国", "1952年3月4日", 13800001111, "青云路18号")):
        first.write(3, at, cell)
    second.write(0, 0, "本表由社区填写")
    third = book.add_worksheet("二网格")
    for at, label in enumerate(("住址", "姓名", "出生日期")):
        third.write(0, at, label)
    third.write_row(1, 0, ["青云路20号", "张小妹", 19000])
    book.close()
    batch = batch_of(keeper, path)
    assert (batch.total, batch.problems) == (2, 0)
    born = dict(ImportRow.objects.filter(batch=batch).values_list("name", "born_on"))
    assert born == {"李建国": date(1952, 3, 4), "张小妹": date(1952, 1, 7)}


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("身份证号码", "1.1E+17", "文本"), ("身份证号码", "532503195203049931"[:17] + "0", "校验位"),
        ("身份证号码", "532503520304993", "15位"), ("联系电话", "1380000", "电话"),
        ("人员标签", "信访户", "字典"), ("现住址", "", "现住址"), ("姓名", "", "姓名"),
        ("姓名", "买买提" * 9, "25"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_by_row_and_column(keeper, tmp_path, column, cell, says) -> None:
    row = list(ROWS[0])
    row[HEAD.index(column)] = cell
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, row, ROWS[1]]))
    assert batch.problems == 1
    assert texts(batch)[0][0] == 2
    assert says in texts(batch)[0][2]
    with pytest.raises(NotNow):
        importing.apply(actor=keeper, batch=batch)
    assert not Person.objects.filter(name="王秀英").exists()


def test_an_impossible_birth_date_and_an_unknown_area_are_named(keeper, tmp_path) -> None:
    head = ["姓名", "出生日期", "社区", "住址"]
    rows = [["甲甲", "1952-02-30", "青云社区", "青云路1号"], ["乙乙", "1880-01-01", "青云社区", "青云路1号"],
            ["丙丙", "1960-01-01", "天上社区", "青云路1号"]]  # fmt: skip
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [head, *rows]))
    assert [(line, field) for line, field, _text in texts(batch)] == [(2, "出生日期"), (3, "出生日期"), (4, "社区")]


def test_what_the_file_says_twice_is_named_with_the_first_line(keeper, tmp_path) -> None:
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, ROWS[0], ROWS[1], [*ROWS[0][:5], "", "", ""]]))
    assert [(line, text) for line, _f, text in texts(batch)] == [(4, "与第2行的身份证号重复；请留一行。")]


def test_two_heads_of_one_household_are_named(keeper, tmp_path) -> None:
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, ROWS[0], [*ROWS[1][:6], "户主", ""]]))
    assert [(line, field) for line, field, _t in texts(batch)] == [(3, "与户主关系")]


def test_somebody_registered_in_another_community_is_not_moved_by_an_import(world: World, keeper, tmp_path) -> None:
    from linli.kernel import areas

    sister = next(n for n in areas.tree().under(COMMUNITY[:9]) if n.level == "community" and n.code != COMMUNITY)
    there = world.actor("community_worker", area=sister.code)
    house = services.register_house(actor=there, area=sister.id, address="蓝天路1号")
    services.register_resident(actor=there, name="李建国", house=house, id_number=ONE)
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, ROWS[0]]))
    assert [(line, field) for line, field, _t in texts(batch)] == [(2, "社区")]


def test_another_name_under_a_known_number_needs_a_second_person(keeper, house, tmp_path) -> None:
    services.register_resident(actor=keeper, name="李建华", house=house, id_number=ONE)
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, ROWS[0]]))
    assert ["第二人" in text for _l, _f, text in texts(batch)] == [True]


def test_an_address_that_matches_two_houses_is_named(keeper, world: World, tmp_path) -> None:
    for address in ("青云路18号3幢2单元502室", "青云路18号-3-2-502"):
        House.objects.all().update(plain="waiting")
        services.register_house(actor=keeper, area=world.node(COMMUNITY).id, address=address)
    House.objects.all().update(plain="青云路18号3-2-502")
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, ROWS[0]]))
    assert batch.problems in {0, 1}
    plain = ImportRow.objects.get(batch=batch).plain
    House.objects.all().update(plain=plain)
    again = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, ROWS[0]]))
    assert [(line, field) for line, field, _t in texts(again)] == [(2, "现住址")]


def test_a_child_comes_into_the_vault(keeper, tmp_path) -> None:
    child = number(date(2020, 5, 6))
    importing.apply(
        actor=keeper,
        batch=batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, ["1", "李小明", child, "", "青云路1号", "", "", ""]])),
    )
    resident = Resident.objects.get()
    assert resident.id_number == ""
    assert json.loads(Vault.objects.get(resident=resident).content) == {"id_number": child}


def rows_of_everything() -> dict[str, list[dict[str, object]]]:
    from linli.affairs.registry import models
    from linli.kernel.people.models import Household

    tables = (models.Address, models.Building, models.House, models.Resident, models.Residency, models.Home,
              models.Fact, models.Tag, models.Vault, models.Entry, Contact, Membership, Household)  # fmt: skip
    return {m.__name__: list(m.objects.order_by("pk").values()) for m in tables}


def test_undoing_gives_everything_back_as_it_was(keeper, house, tmp_path) -> None:
    known = services.register_resident(
        actor=keeper, name="李建国", house=house, id_number=ONE, phone="13800009999", how="seen"
    )
    services.put_tag(actor=keeper, resident=known, code="volunteer")
    before = rows_of_everything()
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, *ROWS]))
    assert batch.counts["update"] == 1
    importing.apply(actor=keeper, batch=batch)
    assert people.contact(known.person).value == "13800001111"
    assert rows_of_everything() != before
    importing.undo(actor=keeper, batch=batch)
    assert rows_of_everything() == before
    with pytest.raises(NotNow):
        importing.undo(actor=keeper, batch=batch)


def test_what_others_have_built_on_is_not_undone(keeper, tmp_path) -> None:
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, *ROWS]))
    importing.apply(actor=keeper, batch=batch)
    services.verify(actor=keeper, resident=Resident.objects.first(), outcome="right", how="seen")
    before = rows_of_everything()
    with pytest.raises(NotNow, match="不能整批撤销"):
        importing.undo(actor=keeper, batch=batch)
    assert rows_of_everything() == before


def test_an_import_that_breaks_half_way_leaves_nothing(keeper, tmp_path, monkeypatch) -> None:
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, *ROWS]))

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(applying, "_index", killed)
    with pytest.raises(KeyboardInterrupt):
        importing.apply(actor=keeper, batch=batch)
    assert not Resident.objects.exists()
    assert not House.objects.exists()
    monkeypatch.undo()
    importing.apply(actor=keeper, batch=ImportBatch.objects.get(pk=batch.pk))
    assert Resident.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_long_import_tells_how_far_it_is_while_it_works(keeper, tmp_path, monkeypatch) -> None:
    """The worker's way: others see the steps before anything is committed, and nobody waits for anybody."""
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, *ROWS]))
    ImportBatch.objects.filter(pk=batch.pk).update(state="applying")
    seen: list[str] = []
    write = applying._index

    def look(*args: Any) -> None:
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT step FROM registry_importbatch WHERE id = %s", [batch.pk])
            seen.append(cursor.fetchone()[0])
        other.close()
        write(*args)

    monkeypatch.setattr(applying, "_index", look)
    running.work(batch.pk)
    batch.refresh_from_db()
    assert (seen, batch.state) == (["更新检索"], "applied")
    assert Resident.objects.count() == 2


def test_a_mapping_is_remembered_for_the_same_headings(keeper, tmp_path) -> None:
    head = ["姓名", "备注一", "住址"]
    path = as_csv(tmp_path / "a.csv", [head, ["李建国", "13800001111", "青云路1号"]])
    batch = importing.begin(actor=keeper, path=path)
    importing.remap(actor=keeper, batch=batch, sheet="", mapping={"name": 0, "phone": 1, "address": 2})
    assert importing.begin(actor=keeper, path=path).mapping[""]["phone"] == 1


def test_too_long_a_workbook_says_to_use_csv(tmp_path, monkeypatch) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet()
    for at in range(12):
        page.write_row(at, 0, ["姓名"])
    book.close()
    monkeypatch.setattr(reading, "MOST_IN_XLSX", 10)
    with pytest.raises(UserError, match="CSV"):
        list(reading.sheets(path))


def test_what_is_no_table_is_refused(keeper, tmp_path) -> None:
    broken = tmp_path / "a.xlsx"
    broken.write_bytes(b"not a workbook")
    with pytest.raises(UserError, match="打不开"):
        importing.begin(actor=keeper, path=broken)
    with pytest.raises(UserError, match="表头"):
        importing.begin(actor=keeper, path=as_csv(tmp_path / "b.csv", [["一", "二"], ["1", "2"]]))


def test_headings_no_function_needs_are_left_where_they_are() -> None:
    head = headings.find([(1, ["姓名", "民族", "政治面貌"]), (2, ["李建国", "汉", "群众"])])
    assert head is not None
    assert head.not_kept == ["民族", "政治面貌"]
    assert set(head.mapping) == {"name"}


@pytest.mark.parametrize(
    "cell", ["1952-3-4", "1952.03.04", "1952/3/4", "19520304", "1952年3月4日", "１９５２年３月４日"]
)
def test_a_date_is_read_in_any_writing(cell: str) -> None:
    assert cleaning.day(cell) == date(1952, 3, 4)


def test_the_command_writes_nothing_on_problems_and_leaves_an_annotated_copy(world: World, tmp_path) -> None:
    from linli.affairs.registry.cli import group

    head = [*HEAD, "社区"]
    good, bad = [*ROWS[0], "青云社区"], [*ROWS[1], "青云社区"]
    bad[2] = "1.1E+17"
    path = as_csv(tmp_path / "residents.csv", [head, good, bad])
    run = CliRunner().invoke(group, ["import", str(path)])
    assert run.exit_code == 1
    assert json.loads(run.stdout.strip().splitlines()[-1]) == {"rows": 2, "problems": 1, "applied": 0}
    assert not Resident.objects.exists()
    copy = tmp_path / "residents-问题.xlsx"
    sheet = CalamineWorkbook.from_path(str(copy)).get_sheet_by_index(0).to_python()
    assert sheet[0][1:3] == ["序号", "姓名"]
    assert "文本" in sheet[2][0]
    assert sheet[1][0] == ""
    assert [sheet[0][-1], sheet[1][-1], sheet[2][-1]] == ["原文件行号", "2", "3"]
    again = CliRunner().invoke(group, ["import", str(copy)])  # fed back uncorrected: its own columns are no data
    assert again.exit_code == 1
    once_more = CalamineWorkbook.from_path(str(tmp_path / "residents-问题-问题.xlsx")).get_sheet_by_index(0).to_python()
    assert once_more[0] == sheet[0]
    bad[2] = TWO
    run = CliRunner().invoke(group, ["import", str(as_csv(path, [head, good, bad]))])
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout.strip().splitlines()[-1]) == {"rows": 2, "problems": 0, "applied": 2}
    found = CliRunner().invoke(group, ["search", "李建国", "--json"])
    answer = json.loads(found.stdout)
    assert answer["total"] == 1
    assert set(answer["results"][0]) == {"kind", "id", "label", "area"}
    assert answer["results"][0]["area"].endswith("青云社区")
