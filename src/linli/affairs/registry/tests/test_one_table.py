"""One table: pre-filled, only what is missing is asked, once; the bill is seen before it is sent."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook
from tests.support.world import COMMUNITY, OTHER_STREET, World
from tests.test_costs import signed_in, statements

from linli.affairs.registry import command, services
from linli.affairs.registry.forms import tables
from linli.affairs.registry.forms.process import REQUEST, TASK
from linli.affairs.registry.models import FormRequest
from linli.kernel import areas, clock
from linli.kernel.errors import UserError
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.privacy.models import AccessLog
from linli.surfaces.command.registry import Look

pytestmark = pytest.mark.django_db


@pytest.fixture
def alone(keeper, house):
    found = []
    for name in ("李桂兰", "王国庆"):
        resident = services.register_resident(actor=keeper, name=name, house=house, born_on=date(1948, 1, 1))
        services.put_tag(actor=keeper, resident=resident, code="alone")
        found.append(resident)
    services.set_fact(actor=keeper, resident=found[0], name="gas", value="瓶装气", how="seen")
    return found


def ask(world: World) -> Matter:
    data = {"form": "gas_safety", "area": COMMUNITY, "why": "冬季用气安全"}
    return perform(process=REQUEST, action="ask", actor=world.actor("department_handler"), data=data).matter


def test_the_bill_counts_only_what_is_not_held(world: World, alone) -> None:
    matter = ask(world)
    request = FormRequest.objects.get(pk=matter.pk)
    assert (request.people, request.missing, request.minutes, request.workers) == (2, 3, 3, 1)
    assert not Matter.objects.filter(kind=TASK.kind).exists()
    page = signed_in(world.actor("department_handler")).get(f"/desk/m/{matter.number}/").content.decode()
    assert "账单" in page
    assert "3 项" in page


def test_only_what_is_missing_is_asked_and_the_next_table_asks_nothing(world: World, keeper, alone) -> None:
    matter = ask(world)
    asker = world.actor("department_handler")
    perform(actor=asker, matter=matter, action="send", data={})
    task = Matter.objects.get(kind=TASK.kind)
    browser = signed_in(keeper)
    page = browser.get(f"/desk/registry/tables/{task.number}/fill/").content.decode()
    assert page.count("用气方式") == 1
    assert page.count("独立烟感") == 2
    with pytest.raises(UserError, match="还有 3 项"):
        perform(actor=keeper, matter=task, action="finish", data={})
    field = signed_in(world.actor("grid_worker")).get(f"/field/m/{task.number}/").content.decode()
    assert f'href="/desk/registry/tables/{task.number}/fill/"' in field, "the way there from the pocket"
    answers = {f"{one.pk}.smoke_alarm": "已装" for one in alone} | {f"{alone[1].pk}.gas": "不用气", "how": "seen"}
    assert browser.post(f"/desk/registry/tables/{task.number}/fill/", answers).status_code == 302
    perform(actor=keeper, matter=task, action="finish", data={})
    matter.refresh_from_db()
    assert matter.stage == "ready"
    again = FormRequest.objects.get(pk=ask(world).pk)
    assert (again.missing, again.minutes) == (0, 0)


def test_an_answer_that_is_none_of_the_choices_is_refused_at_its_field(world: World, keeper, alone) -> None:
    matter = ask(world)
    perform(actor=world.actor("department_handler"), matter=matter, action="send", data={})
    task = Matter.objects.get(kind=TASK.kind)
    answer = signed_in(keeper).post(
        f"/desk/registry/tables/{task.number}/fill/", {f"{alone[0].pk}.smoke_alarm": "也许"}
    )
    assert answer.status_code == 422


def test_the_table_leaves_in_the_bureaus_layout_and_on_the_record(world: World, keeper, alone) -> None:
    matter = ask(world)
    asker = world.actor("department_handler")
    perform(actor=asker, matter=matter, action="send", data={})
    browser = signed_in(asker)
    assert browser.get(f"/desk/registry/tables/{matter.number}/table.xlsx").status_code == 404
    perform(actor=asker, matter=matter, action="collect", data={})
    answer = browser.get(f"/desk/registry/tables/{matter.number}/table.xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sheet[0][0] == "独居老年人家庭用气安全排查表"
    assert sheet[2] == ["序号", "户主或住户", "详细地址", "电话", "用气方式", "是否安装独立烟感"]
    assert sheet[3][1:3] == ["李桂兰", "天马路18号3幢2单元502室"]
    assert sheet[3][4] == "瓶装气"
    assert any("不得转发" in str(row[0]) for row in sheet[5:])
    assert AccessLog.objects.filter(field_group="registry.export").count() == 2


def test_a_large_table_leaves_only_with_a_second_persons_approval(world: World, alone, monkeypatch) -> None:
    matter = ask(world)
    asker = world.actor("department_handler")
    perform(actor=asker, matter=matter, action="send", data={})
    FormRequest.objects.filter(pk=matter.pk).update(people=5000)
    outcome = perform(actor=asker, matter=matter, action="collect", data={})
    assert outcome.approval is not None
    matter.refresh_from_db()
    assert matter.stage != "collected"


def test_the_burden_measures_itself_by_unit(world: World, alone) -> None:
    matter = ask(world)
    assert tables.burden(clock.at(date(2020, 1, 1)), clock.now()) == []
    perform(actor=world.actor("department_handler"), matter=matter, action="send", data={})
    since = clock.at(date(2020, 1, 1))
    found = tables.burden(since, clock.at(date(2100, 1, 1)))
    assert [(row.forms, row.people, row.minutes) for row in found] == [(1, 2, 3)]


def test_the_boards_show_whose_tables_ask_how_much_of_the_grassroots(world: World, alone) -> None:
    def look(area: str = "", kind: str = "shift_leader") -> Look:
        tree = areas.tree()
        node = tree.by_code(area) if area else tree.root
        return Look(actor=world.actor(kind), area=node, at=clock.now() + timedelta(seconds=1), board="overview")

    assert "没有部门要表" in str(command.draw(look()).empty)
    perform(actor=world.actor("department_handler"), matter=ask(world), action="send", data={})
    view = look()
    with CaptureQueriesContext(connection) as captured:
        drawn = command.draw(view)
    assert len(statements(captured)) == 2
    facts, bars = drawn.shapes
    assert [value for _label, value in facts.rows] == ["1 张，约占基层 0.1 小时", "1 个网格任务，3 项"]
    assert [(str(bar.label), bar.value) for bar in bars.rows] == [(world.actor("department_handler").unit.name, 0.1)]
    assert "kind=form_task" in drawn.url
    elsewhere = command.draw(look(OTHER_STREET))
    assert elsewhere.shapes[0].rows[1][1] == "0 个网格任务，0 项"
    page = signed_in(world.actor("shift_leader")).get("/command/b/overview/").content.decode()
    assert "约占基层 0.1 小时" in page
