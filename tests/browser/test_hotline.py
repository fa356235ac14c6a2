"""Orders of 12345 at the desk, in a real browser: upload, look through, import, download; under axe."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.gateways.hotline import orders, sheets
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Account
from tests.support.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_orders_are_uploaded_looked_through_and_imported(open_page, check, shot, world: World, tmp_path: Path):
    actor = world.actor("call_taker")
    account = Account.objects.create_user("clerk", "x", person=actor.person)
    layout = orders.layout_of("12345")
    street, community = world.node("532503003").name, world.node("532503003002").name
    row = {"content": "小区门口垃圾三天没人清运", "street": street, "community": community, "phone": "13887300001"}
    rows = [
        row | {"number": "GD1"},
        row | {"number": "GD2", "category": "从没有的类别"},
        row | {"number": "GD3", "due": "?"},
    ]
    lines = [[one.get(name, "") for name in layout.headings] for one in rows]
    file = tmp_path / "工单.xlsx"
    file.write_bytes(sheets.write("工单", list(layout.headings.values()), lines))

    page = open_page("/desk/hotline/", login=account)
    check(page)
    shot(page, "desk-hotline")
    page.set_input_files("input[type=file]", str(file))
    page.click("text=上传并检查")
    page.wait_for_url("**/desk/hotline/*-*/")
    assert "这一行不导入" in page.inner_text("main")
    check(page)
    shot(page, "desk-hotline-preview")
    page.click("text=确认导入")
    page.wait_for_selector("text=逐件结果")
    check(page)
    shot(page, "desk-hotline-done")
    assert Matter.objects.filter(kind="case").count() == 2
    assert page.errors == []
