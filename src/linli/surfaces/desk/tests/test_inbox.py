"""The inbox, the queues and the registers: what waits, by when, within one's own reach."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import Any

import python_calamine
from django.http import HttpRequest
from django.urls import reverse
from tests.support.world import World

from linli.kernel.matters import perform, selectors
from linli.kernel.matters.models import Matter
from linli.surfaces.desk import shell
from linli.surfaces.desk.models import SavedView
from linli.surfaces.desk.tests.conftest import SignIn, dispatch, file, report, statements


def test_the_inbox_groups_by_when_things_are_due(world: World, desk: SignIn, now: Any) -> None:
    first = report()
    now.forward(days=9)
    report(phone="13887300002")
    text = desk("community_secretary").get("/desk/").content.decode()
    assert text.index("已超时") < text.index(first.number)
    assert "今天到期" in text or "本周" in text or "以后" in text


def test_an_empty_inbox_says_what_to_do_first(world: World, desk: SignIn) -> None:
    text = desk("community_secretary").get("/desk/").content.decode()
    assert "手头没有待办" in text
    assert "看登记簿" in text


def test_nobody_gets_in_without_signing_in() -> None:
    from django.test import Client

    answer = Client().get("/desk/")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/desk/"


def test_several_can_be_urged_at_once_and_the_rest_is_explained(world: World, desk: SignIn) -> None:
    one, other = report(), report(phone="13887300002")
    client = desk("community_secretary")
    text = client.post("/desk/urge/", {"rows": [one.pk, other.pk]}, follow=True).content.decode()
    assert "已催办 2 件" in text
    assert Matter.objects.filter(urged=1).count() == 2


def test_a_queue_holds_one_kind_of_step(world: World, desk: SignIn) -> None:
    waiting, filed = report(), report(phone="13887300002")
    file(world, filed)
    client = desk("community_secretary")
    queue = client.get("/desk/queues/file/").content.decode()
    assert waiting.number in queue
    assert filed.number not in queue
    assert filed.number in client.get("/desk/queues/dispatch/").content.decode()


def test_a_queue_one_has_no_duty_for_is_not_there(world: World, desk: SignIn) -> None:
    assert desk("department_handler", unit="water").get("/desk/queues/file/").status_code == 404


def test_the_call_back_queue_says_how_often_and_when_next(world: World, desk: SignIn, now: Any) -> None:
    matter = report()
    file(world, matter)
    task = dispatch(world, matter)
    handler = world.actor("department_handler", unit="water")
    perform(actor=handler, matter=task, action="sign")
    perform(actor=handler, matter=task, action="feed_back", data={"result": "done", "reply": "好了"})
    perform(actor=world.actor("community_secretary"), matter=matter, action="verify", data={"way": "on_site"})
    client = desk("community_worker")
    assert "还没打过" in client.get("/desk/queues/call-back/").content.decode()
    perform(actor=world.actor("community_worker"), matter=matter, action="try_call", data={"channel": "phone"})
    text = client.get("/desk/queues/call-back/").content.decode()
    assert "1 次" in text
    assert "明天 14:30以后" in text


def test_an_approval_shows_what_is_asked_by_whom_and_lies_in_the_queue(world: World, desk: SignIn) -> None:
    matter = report()
    perform(
        actor=world.actor("community_secretary"), matter=matter, action="refuse",
        data={"reason": "不属实", "basis": "立案条件第三条"},
    )  # fmt: skip
    asked = Matter.objects.get(kind="approval")
    client = desk("street_leader")
    assert asked.number in client.get("/desk/queues/approvals/").content.decode()
    text = client.get(reverse("desk:matter", args=[asked.number])).content.decode()
    assert "立案条件第三条" in text
    assert "社区（村）书记1" in text
    assert matter.number in text


def test_a_list_shows_only_what_this_post_may_see_and_filters_it(world: World, desk: SignIn) -> None:
    matter = report()
    file(world, report(phone="13887300002"))
    client = desk("community_secretary")
    assert matter.number in client.get("/desk/lists/cases/?stage=collected").content.decode()
    assert matter.number not in client.get("/desk/lists/cases/?stage=filed").content.decode()
    assert matter.number in client.get(f"/desk/lists/cases/?q={matter.number[-5:]}").content.decode()
    stranger = desk("community_secretary", area="532503001001", unit="elsewhere")
    assert matter.number not in stranger.get("/desk/lists/cases/").content.decode()


def test_a_filter_can_be_kept_under_a_name_and_forgotten(world: World, desk: SignIn) -> None:
    client = desk("community_secretary")
    client.post("/desk/lists/cases/view/", {"name": "超时的", "query": "state=overdue"})
    assert "超时的" in client.get("/desk/lists/cases/").content.decode()
    view = SavedView.objects.get()
    other = desk("community_worker")
    assert other.post(reverse("desk:view-drop", args=[view.pk])).status_code == 404
    client.post(reverse("desk:view-drop", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_lists_leave_as_files_without_personal_data(world: World, desk: SignIn) -> None:
    matter = report(name="王大妈")
    client = desk("street_dispatcher")
    book = client.get("/desk/lists/cases/export.xlsx")
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "编号"
    assert rows[1][0] == matter.number
    text = client.get("/desk/lists/cases/export.csv").content.decode()
    assert matter.number in text
    assert not re.search("王大妈|13887300001|垃圾好几天", str(rows) + text)
    assert desk("community_worker").get("/desk/lists/cases/export.csv").status_code == 404


def test_inbox_and_lists_cost_the_same_for_few_rows_and_many(world: World, desk: SignIn) -> None:
    client = desk("community_secretary")
    report()
    counts: dict[str, list[int]] = {"/desk/": [], "/desk/lists/cases/": []}
    for _round in range(2):
        for address, seen in counts.items():
            seen.append(statements(client, address))
        for n in range(20):
            report(phone=f"138873001{n:02}")
    for few, many in counts.values():
        assert few == many
        assert few <= 14


def test_help_draws_every_process_from_its_declaration(world: World, desk: SignIn) -> None:
    text = desk("community_secretary").get("/desk/help/").content.decode()
    assert text.count("<svg width=") >= 4
    assert "案件流程图" in text


def test_the_numbers_beside_the_doors_count_what_the_inbox_holds(world: World, desk: SignIn) -> None:
    ones = [report(phone=f"1388730000{n}") for n in range(4)]
    file(world, ones[1])
    file(world, ones[2])
    dispatch(world, ones[2], lead="housing")
    secretary, street = world.actor("community_secretary"), world.actor("street_dispatcher")
    assert secretary.post is not None
    # What a unit holds, what a post holds, and what is hidden from a post.
    Matter.objects.filter(pk=ones[0].pk).update(held_area=None, held_unit=secretary.post.unit_id)
    Matter.objects.filter(pk=ones[3].pk).update(held_area=None, held_post=secretary.post.pk)
    handler = world.actor("department_handler", unit="housing")
    found = {}
    for actor in (secretary, street, handler, world.actor("auditor"), world.actor("centre_dispatcher")):
        steps = Counter(selectors.inbox(actor).values_list("kind", "expected"))
        assert shell.waiting(HttpRequest(), actor) == dict(steps)
        order = [m.pk for m in selectors.inbox(actor)]
        assert selectors.soonest(actor, 0, 60) == order
        assert selectors.soonest(actor, 1, 2) == order[1:2]
        for (kind, expected), n in steps.items():
            keys = selectors.soonest(actor, 0, 60, step=(kind, expected))
            assert keys == [m.pk for m in selectors.inbox(actor).filter(kind=kind, expected=expected)]
            assert len(keys) == n
        found[actor.post_id] = sum(steps.values())
    assert found[secretary.post_id] == 3
    assert found[handler.post_id] == 1
    Matter.objects.filter(pk=ones[3].pk).update(hidden_from=[secretary.person_id])
    assert sum(shell.waiting(HttpRequest(), secretary).values()) == 2
