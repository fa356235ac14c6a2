"""Lists out: small ones at once, large ones with a second person; each person told; edited and read again."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from tests.support.world import COMMUNITY, World
from tests.test_costs import signed_in

from linli.affairs.registry import services
from linli.affairs.registry.exporting import services as exporting
from linli.affairs.registry.importing import services as importing
from linli.affairs.registry.models import ExportRequest, Resident
from linli.affairs.registry.policy import RegistryRules
from linli.kernel import people, policy, privacy
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(keeper, house) -> list[Resident]:
    pairs = (("李建国", "13800001111"), ("王秀英", "13800002222"))
    return [services.register_resident(actor=keeper, name=n, house=house, phone=p) for n, p in pairs]


def table(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_a_small_list_is_granted_at_once_marked_and_told_to_everybody_on_it(world: World, keeper, two) -> None:
    area = world.node(COMMUNITY).id
    with pytest.raises(UserError):
        exporting.ask(actor=keeper, area_id=area, why="看")
    request = exporting.ask(actor=keeper, area_id=area, why="更新联系电话")
    sheet = table(exporting.take(actor=keeper, request=request))
    assert "仅用于：更新联系电话" in str(sheet[0][0])
    assert sheet[1] == list(exporting.HEAD)
    assert {row[1] for row in sheet[2:]} == {"李建国", "王秀英"}
    assert [look.what for look in privacy.log_for(two[0].person)] == ["登记簿导出"]
    with pytest.raises(NotHere):
        exporting.take(actor=world.actor("community_secretary"), request=request)


def test_a_large_list_waits_for_a_second_person(world: World, keeper, two, monkeypatch) -> None:
    monkeypatch.setitem(policy.get(RegistryRules).__dict__, "export_free", 1)
    request = exporting.ask(actor=keeper, area_id=world.node(COMMUNITY).id, why="更新联系电话")
    with pytest.raises(NotNow):
        exporting.take(actor=keeper, request=request)
    matter = Matter.objects.get(kind="change")
    perform(actor=world.actor("street_leader"), matter=matter, action="approve", data={"note": "同意"})
    request.refresh_from_db()
    assert request.state == ExportRequest.State.GRANTED
    monkeypatch.undo()
    assert exporting.take(actor=keeper, request=request)[:2] == b"PK"


def test_an_edited_list_updates_exactly_its_rows(world: World, keeper, two, tmp_path) -> None:
    request = exporting.ask(actor=keeper, area_id=world.node(COMMUNITY).id, why="更新联系电话")
    sheet = table(exporting.take(actor=keeper, request=request))
    path = tmp_path / "edited.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet()
    for at, row in enumerate(sheet):
        cells = [*row]
        if cells[1] == "李建国":
            cells[2] = "13800003333"
        page.write_row(at, 0, cells)
    book.close()
    batch = importing.read(actor=keeper, batch=importing.begin(actor=keeper, path=path))
    assert batch.counts == {"rows": 2, "new": 0, "update": 1, "same": 1, "problems": 0}
    importing.apply(actor=keeper, batch=batch)
    assert people.contact(two[0].person).value == "13800003333"
    assert people.contact(two[1].person).value == "13800002222"
    assert Resident.objects.count() == 2


def test_a_changed_key_is_named(world: World, keeper, two, tmp_path) -> None:
    path = tmp_path / "edited.csv"
    path.write_text("登记簿编号,姓名\n01a201a7-6660-7000-9b09-e5c456a45cb9,李建国\nabc,王秀英\n", encoding="utf-8")
    batch = importing.read(actor=keeper, batch=importing.begin(actor=keeper, path=path))
    assert [(p["line"], p["field"]) for p in importing.problems(batch)] == [(2, "登记簿编号"), (3, "登记簿编号")]


def test_the_page_asks_and_hands_over(world: World, keeper, two) -> None:
    browser = signed_in(keeper)
    assert browser.post("/desk/registry/exports/", {"area": COMMUNITY, "why": "看"}).status_code == 422
    assert browser.post("/desk/registry/exports/", {"area": COMMUNITY, "why": "更新联系电话"}).status_code == 302
    key = ExportRequest.objects.get().pk
    assert browser.post(f"/desk/registry/exports/{key}/take/").content[:2] == b"PK"
