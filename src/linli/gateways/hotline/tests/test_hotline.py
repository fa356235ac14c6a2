"""Orders in, replies out: nothing typed twice, nothing doubled, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.support.world import World

from linli.affairs.cases.tests.test_filed import answer, dispatch, file
from linli.gateways.hotline import cli, orders, replies, services, sheets
from linli.gateways.hotline.models import Batch, Order
from linli.kernel import clock, jobs
from linli.kernel.errors import NotHere
from linli.kernel.matters import perform, selectors
from linli.kernel.matters.models import Matter, TrailPayload
from linli.kernel.people.models import Account
from linli.kernel.posts import services as posts
from linli.kernel.posts.actors import resident_actor, system_actor

TUESDAY = clock.at(date(2026, 11, 24), 9)
SYSTEM = "12345"


@pytest.fixture
def now() -> Iterator[Any]:
    with clock.using(TUESDAY) as travel:
        yield travel


@pytest.fixture
def place(world: World) -> dict[str, str]:
    """Return the street and the community of the small district, by name."""
    return {"street": world.node("532503003").name, "community": world.node("532503003002").name}


def order(place: dict[str, str], number: str = "GD1", **extra: str) -> dict[str, str]:
    row = {
        "number": number, "kind": "投诉", "content": "小区门口垃圾三天没人清运", "title": "垃圾", "caller": "王大妈",
        "phone": "13887300001", "due": "2026-11-27 17:30", **place,
    }  # fmt: skip
    return row | extra


def book(*rows: dict[str, str], title: str = "") -> bytes:
    layout = orders.layout_of(SYSTEM)
    lines = [[row.get(name, "") for name in layout.headings] for row in rows]
    headings = list(layout.headings.values())
    return sheets.write("工单", [title] if title else headings, [headings, *lines] if title else lines)


def take(content: bytes, actor: Any = None) -> Batch:
    return services.take_file(actor=actor or system_actor(), system=SYSTEM, name="工单.xlsx", content=content)


def whats(results: Any) -> list[str]:
    return [result.what for result in results]


def test_an_order_becomes_a_case_under_its_own_number_and_deadline(world: World, now: Any, place: Any) -> None:
    actor = world.actor("call_taker")
    (result,) = services.apply(actor=actor, batch=take(book(order(place)), actor))
    matter = Matter.objects.select_related("case", "reporter").get(number=result.case)
    case = matter.case
    assert (case.external_system, case.external_number) == ("12345", "GD1")
    assert clock.local(case.external_due_at).strftime("%m-%d %H:%M") == "11-27 17:30"
    assert (matter.area_code, matter.source, matter.stage) == ("532503003002", "02", "collected")
    assert matter.reporter is not None
    assert matter in selectors.inbox(world.actor("community_secretary"))


def test_a_second_import_updates_and_never_doubles(world: World, now: Any, place: Any) -> None:
    first = order(place)
    assert whats(services.apply(actor=system_actor(), batch=take(book(first)))) == ["new"]
    assert whats(services.apply(actor=system_actor(), batch=take(book(first)))) == ["same"]
    later = first | {"content": "又堆到马路上了", "due": "2026-11-26 12:00", "solved": "未解决"}
    batch = take(book(later))
    seen = services.preview(batch)
    assert (seen.counts["changed"], seen.changed[0].text) == (1, "主要内容、办理时限")
    assert whats(services.apply(actor=system_actor(), batch=batch)) == ["changed"]
    matter = Matter.objects.select_related("case").get(kind="case")
    assert "垃圾三天没人清运" in matter.case.description
    assert "又堆到马路上了" in matter.case.description
    assert clock.local(matter.case.external_due_at).day == 26
    assert selectors.timeline(matter)[-1].payload == {
        "changed": "主要内容、办理时限", "external_due": "2026-11-26T12:00:00+08:00",
    }  # fmt: skip
    assert "又堆到马路上" not in str(list(TrailPayload.objects.values_list("payload", flat=True)))


def test_every_problem_is_listed_by_row_before_anything_is_written(world: World, now: Any, place: Any) -> None:
    rows = [
        order(place, "A"),
        order(place, "", content=""),
        order(place, "C", street="南湖街道", community="北山社区"),
        order(place, "D", category="从没有过的类别"),
        order(place, "E", due="下周三"),
        order(place, "F", phone="不详"),
        order(place, "A", content="同号不同内容"),
    ]
    batch = take(book(*rows))
    seen = services.preview(batch)
    found = {(p.row, p.column, p.level) for p in seen.problems}
    assert found == {
        (2, "工单编号", "error"), (3, "工单编号", "error"), (3, "主要内容", "error"), (4, "街乡镇", "warning"),
        (4, "村/社区", "error"), (5, "问题分类", "warning"), (6, "办理时限", "error"), (7, "电话", "warning"),
        (8, "工单编号", "error"),
    }  # fmt: skip
    assert seen.counts == {"new": 2, "changed": 0, "same": 0, "refused": 5}
    assert not Matter.objects.exists()
    results = services.apply(actor=system_actor(), batch=batch)
    assert sorted(r.number for r in results if r.what == "new") == ["D", "F"]


def test_the_same_row_twice_in_a_file_is_imported_once(world: World, now: Any, place: Any) -> None:
    batch = take(book(order(place), order(place)))
    assert services.preview(batch).counts == {"new": 1, "changed": 0, "same": 1, "refused": 0}
    assert whats(services.apply(actor=system_actor(), batch=batch)) == ["new", "same"]
    assert Matter.objects.filter(kind="case").count() == 1


def test_a_community_that_does_not_fit_is_left_to_its_street(world: World, now: Any, place: Any) -> None:
    (result,) = services.apply(actor=system_actor(), batch=take(book(order(place, community="没有的社区"))))
    matter = Matter.objects.select_related("case").get(number=result.case)
    assert (matter.area_code, matter.case.place) == ("532503003", "没有的社区")


def test_names_match_with_and_without_what_they_end_in(world: World, now: Any, place: Any) -> None:
    name = orders.bare(place["community"])
    read = orders.read(SYSTEM, orders.layout_of(SYSTEM), 2, order(place, community=f"{name}社区居委会"))
    assert (read.data["area"], read.problems) == ("532503003002", [])


def test_an_import_that_was_killed_goes_on_where_it_was(
    world: World, now: Any, place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = take(book(*(order(place, f"K{n}") for n in range(30))))
    done = services.receive

    def killed(**given: Any) -> Any:
        if given["one"].number == "K25":
            raise KeyboardInterrupt
        return done(**given)

    monkeypatch.setattr(services, "receive", killed)
    with pytest.raises(KeyboardInterrupt):
        services.apply(actor=system_actor(), batch=batch)
    monkeypatch.setattr(services, "receive", done)
    kept = Batch.objects.get(pk=batch.pk)
    assert (kept.state, kept.done) == ("applying", 20)
    results = services.apply(actor=system_actor(), batch=kept)
    assert [r.what for r in results].count("new") == 25
    assert [r.what for r in results].count("same") == 5
    assert Matter.objects.filter(kind="case").count() == Order.objects.count() == 30


def test_a_case_that_came_by_the_api_is_known_as_an_order(world: World, now: Any, place: Any) -> None:
    from linli.affairs.cases.process import CASE

    data = {"channel": "hotline_12345", "external_system": SYSTEM, "external_number": "GD1", "description": "x",
            "area": "532503003002"}  # fmt: skip
    made = perform(process=CASE, action="receive", actor=system_actor(), data=data).matter
    (result,) = services.apply(actor=system_actor(), batch=take(book(order(place))))
    assert (result.what, result.case) == ("same", made.number)


def test_replies_go_back_in_the_same_layout_and_come_in_again_unchanged(world: World, now: Any, place: Any) -> None:
    (result,) = services.apply(actor=system_actor(), batch=take(book(order(place), title="12345 工单导出")))
    matter = Matter.objects.select_related("reporter").get(number=result.case)
    file(world, matter)
    (task,) = dispatch(world, matter)
    answer(world, task)
    perform(actor=world.actor("community_worker"), matter=matter, action="verify", data={"way": "on_site"})
    judged = {"outcome": "solved", "satisfied": "basically"}
    perform(actor=resident_actor(matter.reporter), matter=matter, action="judge", data=judged)
    sent = replies.workbook(SYSTEM, replies.orders_of(SYSTEM))
    ((_line, row),) = sheets.read(sent, ["工单编号"])
    assert row["主要内容"] == "小区门口垃圾三天没人清运"
    assert (row["状态"], row["办理结果"], row["回复内容"]) == ("已办结", "已解决", "已加固")
    assert (row["是否解决"], row["是否满意"], row["办结时间"]) == ("解决", "基本满意", "2026-11-24 09:00")
    assert whats(services.apply(actor=system_actor(), batch=take(sent))) == ["same"]


def test_a_formula_in_a_cell_stays_text(world: World, now: Any, place: Any) -> None:
    import zipfile
    from io import BytesIO

    services.apply(actor=system_actor(), batch=take(book(order(place, content='=HYPERLINK("http://x")'))))
    with zipfile.ZipFile(BytesIO(replies.workbook(SYSTEM, replies.orders_of(SYSTEM)))) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused_in_words(world: World, content: bytes) -> None:
    with pytest.raises(sheets.BadSheet):
        take(content)


def test_a_workbook_without_the_columns_says_which_are_missing(world: World) -> None:
    with pytest.raises(sheets.BadSheet, match="主要内容"):
        take(sheets.write("x", ["工单编号", "别的"], [["1", "2"]]))


def test_only_the_hotline_clerk_takes_orders_in(world: World, now: Any, place: Any) -> None:
    with pytest.raises(NotHere):
        take(book(order(place)), world.actor("grid_worker"))


# -- desk, command line, API ------------------------------------------------------------------------------------------


def clerk(world: World) -> Client:
    actor = world.actor("call_taker")
    client = Client()
    client.force_login(Account.objects.create_user(username="clerk", password="x", person=actor.person))
    return client


def upload(client: Client, content: bytes) -> Any:
    return client.post("/desk/hotline/", {"system": SYSTEM, "file": SimpleUploadedFile("工单.xlsx", content)})


def test_at_the_desk_upload_look_import_download(world: World, now: Any, place: Any) -> None:
    client = clerk(world)
    page = upload(client, book(order(place), order(place, "B", category="没有")))
    assert page.status_code == 302
    shown = client.get(page.url).content.decode()
    assert "照样导入" in shown
    assert "确认导入" in shown
    assert not Matter.objects.exists()
    client.post(f"{page.url}apply/")
    assert "逐件结果" in client.get(page.url).content.decode()
    client.post(f"{page.url}apply/")
    assert Matter.objects.filter(kind="case").count() == 2
    assert client.get(f"{page.url}progress/").status_code == 200
    sent = client.get(f"/desk/hotline/replies.xlsx?system={SYSTEM}")
    assert len(sheets.read(sent.content, ["工单编号"])) == 2
    assert "工单.xlsx" in client.get("/desk/hotline/").content.decode()


def test_a_bad_file_is_told_at_its_field_and_the_page_stays(world: World) -> None:
    page = upload(clerk(world), b"nonsense")
    assert page.status_code == 422
    assert "另存为 .xlsx" in page.content.decode()


def test_the_desk_page_is_not_there_for_others(world: World) -> None:
    client = Client()
    actor = world.actor("grid_worker")
    client.force_login(Account.objects.create_user(username="w", password="x", person=actor.person))
    assert client.get("/desk/hotline/").status_code == 404


def test_a_long_file_goes_to_the_worker(world: World, now: Any, place: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.gateways.hotline import views

    monkeypatch.setattr(views, "AT_ONCE", 1)
    client = clerk(world)
    page = upload(client, book(order(place), order(place, "B")))
    client.post(f"{page.url}apply/")
    assert Batch.objects.get().state == "applying"
    jobs.run_pending()
    assert Batch.objects.get().state == "applied"
    assert Order.objects.count() == 2


def test_the_command_line_imports_and_exports(world: World, now: Any, place: Any, tmp_path: Path) -> None:
    source = tmp_path / "in.xlsx"
    source.write_bytes(book(order(place), order(place, "B", due="?")))
    looked = CliRunner().invoke(cli.group, ["import", str(source), "--dry-run", "--json"])
    assert json.loads(looked.stdout) == {"new": 1, "changed": 0, "same": 0, "refused": 1}
    assert not Matter.objects.exists()
    done = CliRunner().invoke(cli.group, ["import", str(source)])
    assert (done.exit_code, "新工单 1 件" in done.output) == (1, True)
    target = tmp_path / "out.xlsx"
    assert CliRunner().invoke(cli.group, ["export", str(target)]).exit_code == 0
    assert len(sheets.read(target.read_bytes(), ["工单编号"])) == 1


def test_orders_come_in_and_replies_go_out_by_api(world: World, now: Any, place: Any) -> None:
    actor = world.actor("call_taker")
    assert actor.post is not None
    token = posts.issue_token(actor=system_actor(), post=actor.post, name="12345").token
    client, headers = Client(), {"Authorization": f"Bearer {token}"}
    body = {"orders": [order(place), order(place, "B", street="?", community="?")]}
    sent = [
        client.post("/api/v1/hotline/orders", json.dumps(body), content_type="application/json", headers=headers).json()
        for _ in range(2)
    ]
    assert [item["what"] for item in sent[0]["items"]] == ["new", "refused"]
    assert [item["what"] for item in sent[1]["items"]] == ["same", "refused"]
    (reply,) = client.get("/api/v1/hotline/replies", headers=headers).json()["items"]
    assert (reply["number"], reply["state"]) == ("GD1", "办理中")
    other = world.actor("grid_worker")
    assert other.post is not None
    token = posts.issue_token(actor=system_actor(), post=other.post, name="x").token
    refused = client.get("/api/v1/hotline/replies", headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 404
