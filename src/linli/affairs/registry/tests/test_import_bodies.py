"""Lists of organisations: mapped, checked by row, compared, applied and undone, as lists of residents are."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook
from stdnum.cn import uscc
from tests.support.world import COMMUNITY, World
from tests.test_costs import signed_in

from linli.affairs.registry import services
from linli.affairs.registry.importing import services as importing
from linli.affairs.registry.models import Entry, ImportBatch, ImportBody, OrganisationRecord
from linli.affairs.registry.search import box
from linli.kernel.errors import NotNow
from linli.kernel.people.models import Organisation

pytestmark = pytest.mark.django_db
HEAD = ["序号", "企业名称", "统一社会信用代码", "类型", "经营地址", "联系电话", "经营范围", "法定代表人"]


def code(body: str) -> str:
    """Return a credit code of nobody with its check character."""
    return body + uscc.calc_check_digit(body + "0")


ONE, TWO = code("91532503MA6K00001"), code("92532503MA6K00002")
ROWS = [
    ["1", "银河便利店", ONE, "公司", "天马路18号3幢2单元502室", "0873-3120001", "食品零售", "李某"],
    ["2", "和顺餐馆", TWO, "", "天马路１９号", "", "餐饮", ""],
    ["3", "夕阳红合唱队", "", "自治队伍", "", "", "", ""],
]


def as_csv(path: Path, rows: list[list[str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def batch_of(actor, path: Path) -> ImportBatch:
    return importing.read(actor=actor, batch=importing.begin(actor=actor, path=path, kind=importing.BODIES))


def texts(batch: ImportBatch) -> list[tuple[int, str, str]]:
    return [(p["line"], p["field"], p["text"]) for p in importing.problems(batch)]


def everything() -> dict[str, list[dict[str, object]]]:
    return {m.__name__: list(m.objects.order_by("pk").values()) for m in (Organisation, OrganisationRecord, Entry)}


def test_a_list_becomes_bodies_at_their_houses_and_is_undone_as_a_whole(keeper, house, tmp_path) -> None:
    before = everything()
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, *ROWS], "gbk"))
    assert batch.counts == {"rows": 3, "new": 3, "update": 0, "same": 0, "problems": 0}
    assert not OrganisationRecord.objects.exists(), "looked through first"
    importing.apply(actor=keeper, batch=batch)
    shop = OrganisationRecord.objects.get(organisation__name="和顺餐馆")
    assert shop.category == "shop", "as its credit code says"
    first = OrganisationRecord.objects.get(organisation__uscc=ONE)
    assert (first.house_id, first.business, first.source) == (house.pk, "食品零售", "import")
    assert not ImportBody.objects.exists()
    for text in ("银河便利", ONE, "yhbld"):
        assert [hit.id for hit in box.find(keeper, text, kind="organisation").rows] == [first.pk], text
    assert batch_of(keeper, tmp_path / "a.csv").counts["same"] == 3, "the same file again changes nothing"
    importing.undo(actor=keeper, batch=batch)
    assert everything() == before


def test_what_was_there_is_changed_and_comes_back_with_the_undoing(keeper, house, tmp_path) -> None:
    known = services.register_organisation(
        actor=keeper, name="银河便利店", category="shop", house=house, phone="0873-3129999"
    )
    before = everything()
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, *ROWS]))
    assert (batch.counts["update"], batch.counts["new"]) == (1, 2)
    assert set(ImportBody.objects.get(organisation_id=known.pk).changed) == {"uscc", "category", "phone", "business"}
    importing.apply(actor=keeper, batch=batch)
    known.refresh_from_db()
    assert (known.category, known.phone) == ("enterprise", "08733120001")
    assert Organisation.objects.get(pk=known.pk).uscc == ONE
    importing.undo(actor=keeper, batch=batch)
    assert everything() == before


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("统一社会信用代码", ONE[:-1] + ("1" if ONE[-1] != "1" else "2"), "逐位核对"),
        ("统一社会信用代码", "9.15325E+17", "文本"), ("类型", "黑作坊", "类别"), ("企业名称", "", "名称"),
        ("联系电话", "12", "电话"), ("企业名称", "长" * 101, "100"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_by_row_and_column(keeper, tmp_path, column: str, cell: str, says: str) -> None:
    row = list(ROWS[0])
    row[HEAD.index(column)] = cell
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, ROWS[1], row]))
    assert [(line, says in text) for line, _f, text in texts(batch)] == [(3, True)]
    with pytest.raises(NotNow):
        importing.apply(actor=keeper, batch=batch)
    assert not OrganisationRecord.objects.exists()


def test_twice_in_the_file_two_houses_and_a_body_that_ended_are_named(keeper, house, tmp_path) -> None:
    ended = services.register_organisation(actor=keeper, name="老茶馆", category="shop", house=house)
    services.close_organisation(actor=keeper, record=ended)
    rows = [*ROWS, [*ROWS[0][:5], "", "", ""], ["5", "老茶馆", "", "商户", "", "", "", ""]]
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, *rows]))
    assert [(line, "第2行" in text or "结束" in text) for line, _f, text in texts(batch)] == [(5, True), (6, True)]


def test_a_body_of_another_community_is_not_moved_by_an_import(world: World, keeper, tmp_path) -> None:
    from linli.kernel import areas

    sister = next(n for n in areas.tree().under(COMMUNITY[:9]) if n.level == "community" and n.code != COMMUNITY)
    there = world.actor("community_worker", area=sister.code)
    services.register_organisation(actor=there, name="银河便利店", category="shop", area=sister.id, uscc=ONE)
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, ROWS[0]]))
    assert [(line, field) for line, field, _t in texts(batch)] == [(2, "社区")]


def test_merged_heads_and_columns_about_people_stay_where_they_are(keeper, tmp_path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("商户")
    page.merge_range(0, 0, 0, 3, "青云社区市场主体台账")
    page.write_row(1, 0, ["店名*", "法人身份证号", "类别", "成立日期"])
    page.write_row(2, 0, ["小小理发店", "1", "个体工商户", "2018年3月4日"])
    page.write_row(3, 0, ["未来饭店", "1", "个体工商户", "2999-01-01"])
    book.close()
    batch = batch_of(keeper, path)
    assert set(batch.mapping["商户"]) == {"name", "category", "opened_on"}
    assert [(line, field) for line, field, _t in texts(batch)] == [(4, "开始日期")]
    copy = tmp_path / "b.xlsx"
    importing.annotate(batch, copy)
    assert "今天以前" in CalamineWorkbook.from_path(str(copy)).get_sheet_by_index(0).to_python()[2][0]


def test_what_others_have_built_on_is_not_undone(keeper, house, tmp_path) -> None:
    batch = batch_of(keeper, as_csv(tmp_path / "a.csv", [HEAD, ROWS[0]]))
    importing.apply(actor=keeper, batch=batch)
    body = OrganisationRecord.objects.get()
    services.set_tenure(actor=keeper, house=house, role="tenant", organisation=body.organisation)
    with pytest.raises(NotNow, match="不能整批撤销"):
        importing.undo(actor=keeper, batch=batch)
    assert OrganisationRecord.objects.exists()


def test_the_desk_maps_looks_through_applies_and_undoes(keeper, tmp_path) -> None:
    browser = signed_in(keeper)
    head = ["牌子", *HEAD[2:]]
    content = as_csv(tmp_path / "a.csv", [["名称", *head[1:]], ROWS[1][1:]]).read_bytes()
    form = {"kind": "bodies", "file": SimpleUploadedFile("商户.csv", content)}
    page = browser.post("/desk/registry/imports/", form)
    batch = ImportBatch.objects.get()
    assert page.headers["Location"] == f"/desk/registry/imports/{batch.pk}/"
    shown = browser.get(page.headers["Location"]).content.decode()
    assert "经营或业务范围" in shown
    assert "不收：没有业务需要" in shown
    browser.post(f"/desk/registry/imports/{batch.pk}/apply/")
    assert OrganisationRecord.objects.get().organisation.uscc == TWO
    browser.post(f"/desk/registry/imports/{batch.pk}/undo/")
    assert not OrganisationRecord.objects.exists()


def test_the_command_writes_nothing_on_problems(world: World, tmp_path) -> None:
    from linli.affairs.registry.cli import group

    path = as_csv(tmp_path / "shops.csv", [[*HEAD, "社区"], [*ROWS[0], "青云社区"], [*ROWS[1], "天上社区"]])
    run = CliRunner().invoke(group, ["import", "--bodies", str(path)])
    assert run.exit_code == 1
    assert json.loads(run.stdout.strip().splitlines()[-1]) == {"rows": 2, "problems": 1, "applied": 0}
    assert (tmp_path / "shops-问题.xlsx").exists()
    assert not OrganisationRecord.objects.exists()
    as_csv(path, [[*HEAD, "社区"], [*ROWS[0], "青云社区"]])
    run = CliRunner().invoke(group, ["import", "--bodies", str(path)])
    assert json.loads(run.stdout.strip().splitlines()[-1]) == {"rows": 1, "problems": 0, "applied": 1}
