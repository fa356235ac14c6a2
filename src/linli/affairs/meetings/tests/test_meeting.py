"""A meeting from its call to the last of its decisions, on paper and on the desk."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from tests.support.lively import account
from tests.support.world import COMMUNITY, World
from tests.test_costs import statements

from linli.affairs.cases.process import CASE
from linli.affairs.meetings import agenda
from linli.affairs.meetings.models import Meeting
from linli.affairs.meetings.process import MEETING
from linli.kernel import clock
from linli.kernel.errors import Invalid, NotHere, NotNow
from linli.kernel.matters import perform, sweeping
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor, resident_actor


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.using(clock.at(date(2026, 11, 24), 9)) as travel:
        yield travel


def clerk(world: World) -> Actor:
    return world.actor("shift_leader")


def words(world: World, **changes: Any) -> dict[str, Any]:
    units = [world.unit("urban").pk, world.unit("housing").pk]
    return {
        "name": "社会治理调度例会", "at": "2026-11-24T15:00", "place": "二楼会议室", "chair": "分管副市长",
        "units": units, "agenda": "积水点整治\n老旧小区照明", **changes,
    }  # fmt: skip


def call(world: World, **changes: Any) -> Matter:
    return perform(process=MEETING, action="call", actor=clerk(world), data=words(world, **changes)).matter


def hold(world: World, matter: Matter, now: clock.Travel) -> None:
    now.to(clock.at(date(2026, 11, 24), 16))
    data = {"present": "城管局副局长", "absent": [world.unit("housing").pk]}
    perform(actor=clerk(world), matter=matter, action="hold", data=data)


def decide(world: World, matter: Matter, **changes: Any) -> Matter:
    data = {"what": "十二月底前完成三处积水点整治", "unit": world.unit("urban").pk, "due_on": "2026-12-31", **changes}
    perform(actor=clerk(world), matter=matter, action="decide", data=data)
    return Matter.objects.filter(parent=matter, kind="decision").order_by("-pk")[0]


def issue(world: World, matter: Matter) -> None:
    written = {"minutes": "一、积水点整治\n会议听取了汇报。", "number": "〔2026〕第3期"}
    perform(actor=clerk(world), matter=matter, action="minute", data=written)
    asked = perform(actor=clerk(world), matter=matter, action="issue").approval
    perform(actor=world.actor("centre_director"), matter=asked, action="approve", data={})


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(account(actor), backend="django.contrib.auth.backends.ModelBackend")
    return client


def again(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def owner(world: World) -> Actor:
    return world.actor("department_handler", unit="urban")


def test_every_decision_is_a_matter_with_owner_and_clock_and_ends_the_meeting(world: World, now: clock.Travel) -> None:
    matter = call(world)
    hold(world, matter, now)
    decision = decide(world, matter)
    assert decision.held_unit == world.unit("urban")
    assert clock.local(decision.due_at or now.moment).date() >= date(2026, 12, 30)
    issue(world, matter)
    perform(actor=owner(world), matter=decision, action="report", data={"result": "三处已整治"})
    assert again(matter).stage == "followed"
    perform(actor=clerk(world), matter=decision, action="confirm", data={})
    assert again(decision).stage == "settled"
    assert again(matter).stage == "done"


def test_the_minutes_are_a_paper_and_stay_as_they_were_issued(world: World, now: clock.Travel) -> None:
    matter = call(world)
    hold(world, matter, now)
    decide(world, matter)
    issue(world, matter)
    kept = bytes(Meeting.objects.get(pk=matter.pk).word or b"")
    file = Document(io.BytesIO(kept))
    texts = [p.text for p in file.paragraphs if p.text]
    for line in (
        "社会治理调度例会纪要",
        "时间：2026年11月24日 15:00",
        "缺席：housing",
        "一、积水点整治",
        "二、议定事项",
    ):
        assert line in texts
    assert [cell.text for cell in file.tables[0].rows[1].cells] == [
        "1",
        "十二月底前完成三处积水点整治",
        "urban",
        "12月31日",
    ]
    decide(world, matter, what="再加一项", due_on="2026-12-01")
    answer = client_of(clerk(world)).get(reverse("meetings:minutes", args=[matter.number, "docx"]))
    assert answer.content == kept, "what is decided after is a matter, not a changed paper"


def test_the_agenda_begins_with_what_is_open_and_late(world: World, now: clock.Travel) -> None:
    data = {"description": "垃圾没人收", "area": COMMUNITY}
    late = perform(process=CASE, action="report", actor=resident_actor(), data=data).matter
    meeting = call(world)
    hold(world, meeting, now)
    decision = decide(world, meeting, due_on="2026-11-25")
    now.to(now.moment + timedelta(days=9))
    sweeping.sweep()
    lines = agenda.proposed(clerk(world)).splitlines()
    assert lines[0] == "上次决定还没落实的"
    assert lines[1].startswith(f"{decision.number} 十二月底前")
    assert any(late.number in line for line in lines)
    assert again(decision).overdue


def test_an_agenda_costs_the_same_whatever_is_open(world: World) -> None:
    costs = []
    for count in (1, 9):
        for _ in range(count):
            perform(
                process=CASE, action="report", actor=resident_actor(), data={"description": "灯不亮", "area": COMMUNITY}
            )
        agenda.proposed(clerk(world))
        with CaptureQueriesContext(connection) as captured:
            agenda.proposed(clerk(world))
        costs.append(len(statements(captured)))
    assert costs[0] == costs[1]


def test_who_did_it_does_not_confirm_it_and_what_is_not_done_goes_back(world: World, now: clock.Travel) -> None:
    matter = call(world)
    hold(world, matter, now)
    decision = decide(world, matter)
    perform(actor=owner(world), matter=decision, action="report", data={"result": "做了一处"})
    with pytest.raises(NotHere):
        perform(actor=owner(world), matter=decision, action="confirm", data={})
    perform(actor=clerk(world), matter=decision, action="refuse", data={"reason": "还有两处"})
    assert (again(decision).stage, again(decision).reworks) == ("given", 1)
    assert again(decision).held_unit == world.unit("urban")


@pytest.mark.parametrize(
    ("changes", "field"), [({"at": "2026-11-24T08:00"}, "at"), ({"units": []}, "units"), ({"place": ""}, "place")]
)
def test_a_call_that_does_not_hold_says_where(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        call(world, **changes)
    assert set(refused.value.errors) == {field}


def test_nothing_is_done_out_of_turn(world: World, now: clock.Travel) -> None:
    matter = call(world)
    with pytest.raises(NotNow):
        perform(actor=clerk(world), matter=matter, action="hold", data={"present": "某"})
    hold(world, matter, now)
    with pytest.raises(NotNow):
        perform(actor=clerk(world), matter=matter, action="issue")
    with pytest.raises(Invalid):
        decide(world, matter, due_on="2026-11-23")
    decide(world, matter)
    issue(world, matter)
    with pytest.raises(NotNow):
        perform(actor=clerk(world), matter=matter, action="close")


def test_only_a_unit_that_was_asked_can_be_absent(world: World, now: clock.Travel) -> None:
    matter = call(world)
    now.to(clock.at(date(2026, 11, 24), 16))
    with pytest.raises(Invalid):
        perform(
            actor=clerk(world), matter=matter, action="hold", data={"present": "某", "absent": [world.unit("water").pk]}
        )


def test_the_pages_open_for_who_takes_part_and_for_nobody_else(world: World, now: clock.Travel) -> None:
    desk = client_of(clerk(world))
    assert "议程先列出" in desk.get(reverse("meetings:new")).content.decode()
    refused = desk.post(reverse("meetings:new"), {**words(world), "place": "", "key": "a"})
    assert refused.status_code == 422
    assert "积水点整治" in refused.content.decode()
    done = desk.post(reverse("meetings:new"), {**words(world), "key": "b"})
    matter = Matter.objects.get(kind="meeting")
    assert done.headers["Location"] == reverse("desk:matter", args=[matter.number])
    assert desk.get(reverse("meetings:minutes", args=[matter.number, "docx"])).status_code == 404
    hold(world, matter, now)
    decision = decide(world, matter)
    issue(world, matter)
    where = reverse("desk:matter", args=[matter.number])
    assert "会议听取了汇报" in client_of(owner(world)).get(where).content.decode()
    assert client_of(world.actor("department_handler", unit="water")).get(where).status_code == 404
    assert desk.get(reverse("meetings:minutes", args=[matter.number, "pdf"])).content.startswith(b"%PDF")
    for key in ("meetings", "decisions"):
        assert desk.get(reverse("desk:list", args=[key])).status_code == 200
    assert desk.get(reverse("desk:queue", args=["meetings"])).status_code == 200
    assert decision.number in client_of(owner(world)).get(reverse("desk:queue", args=["decisions"])).content.decode()
