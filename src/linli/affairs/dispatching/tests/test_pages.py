"""The page of the catalogue, its forms, and what a dispatcher reads beside a matter."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.support.lively import account
from tests.support.world import COMMUNITY, World

from linli.affairs.cases.process import CASE
from linli.affairs.dispatching import learning, selectors, suggesting
from linli.affairs.dispatching.models import Learned
from linli.affairs.dispatching.tests.test_learning import lessons
from linli.kernel import clock
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.policy.models import PolicyVersion
from linli.kernel.posts.actors import resident_actor


@pytest.fixture
def world(world: World) -> Any:
    with clock.using(clock.at(date(2026, 11, 24), 10)):
        for code in ("urban", "power_co", "housing", "water_co"):
            world.unit(code)
        yield world


def client(world: World, kind: str) -> Client:
    browser = Client()
    browser.force_login(account(world.actor(kind)), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def filed(world: World, text: str = "小区里的路灯不亮") -> Matter:
    data = {"description": text, "area": COMMUNITY, "phone": "13887300001"}
    matter = perform(process=CASE, action="report", actor=resident_actor(), data=data).matter
    perform(actor=world.actor("community_secretary"), matter=matter, action="file", data={"category": "C0118"})
    return Matter.objects.get(pk=matter.pk)


def train(*, simulated: bool = True) -> Learned:
    taught, held = learning.split(lessons())
    model = learning.learn(taught)
    from linli.affairs.dispatching.policy import Catalogue
    from linli.kernel import policy

    measure = learning.examine(model, held, taught, policy.get(Catalogue).suggest_from)
    return Learned.objects.create(
        made_at=clock.now(), examples=len(taught), held_back=len(held), measure=learning.said(measure),
        simulated=simulated, weights=model.packed(),
    )  # fmt: skip


FORM = {
    "category": "C0126", "area": "", "when": "always", "lead": "housing", "assistants": ["urban"], "fallback": "",
    "basis": "划界", "valid_from": "2026-11-25", "note": "调整",
}  # fmt: skip


def test_the_page_shows_lines_figures_and_what_was_learned(world: World) -> None:
    page = client(world, "policy_officer").get("/desk/dispatching/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "路灯归城管养护" in text
    assert "还没有训练过" in text
    assert "近 30 天" in text
    train()
    text = client(world, "policy_officer").get("/desk/dispatching/").content.decode()
    assert "模拟文本" in text
    assert "目录与建议并用" in text


def test_a_line_is_edited_as_a_form_and_waits_for_approval(world: World) -> None:
    officer = client(world, "policy_officer")
    assert officer.get("/desk/dispatching/add/").status_code == 200
    sent = officer.post("/desk/dispatching/add/", FORM)
    assert sent.status_code == 302
    draft = PolicyVersion.objects.get(name="dispatch.catalogue", state="draft")
    assert draft.body["lines"][-1]["lead"] == "housing"
    assert "待批准" in officer.get("/desk/dispatching/").content.decode()
    shown = officer.get("/desk/dispatching/line/lamp/").content.decode()
    assert "撤下这一条" in shown
    assert (
        officer.post("/desk/dispatching/line/lamp/drop/", {"valid_from": "2026-11-25", "note": "撤"}).status_code == 302
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"assistants": ["housing"]}, "不用再选为协办"),
        ({"lead": "nobody"}, "nobody"),
        ({"category": ""}, "category"),
        ({"basis": ""}, "basis"),
        ({"valid_from": "明天"}, "valid_from"),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_kept(world: World, wrong: dict[str, Any], said: str) -> None:
    sent = client(world, "policy_officer").post("/desk/dispatching/add/", FORM | wrong)
    assert sent.status_code == 422
    assert said in sent.content.decode()
    assert not PolicyVersion.objects.filter(name="dispatch.catalogue", state="draft").exists()


def test_an_unknown_line_is_not_there(world: World) -> None:
    assert client(world, "policy_officer").get("/desk/dispatching/line/none/").status_code == 404


def test_the_same_place_and_time_twice_is_said_on_the_form(world: World) -> None:
    sent = client(world, "policy_officer").post("/desk/dispatching/add/", FORM | {"category": "C0118"})
    assert sent.status_code == 422
    assert "完全一样" in sent.content.decode()


def test_the_dispatcher_reads_whom_the_catalogue_names_and_what_the_suggestion_says(world: World) -> None:
    train()
    matter = filed(world)
    text = client(world, "community_secretary").get(f"/desk/m/{matter.number}/").content.decode()
    assert "派单目录与建议" in text
    assert "模拟文本" in text
    assert "只供参考" in text
    assert Matter.objects.filter(parent=matter, kind="task").count() == 0


def test_an_unsure_suggestion_sends_back_to_the_catalogue(world: World) -> None:
    train()
    matter = filed(world, "不知道说什么")
    matter.category = "S9901"
    assert suggesting.suggest(matter, "？？") is None
    found = suggesting.suggest(matter, "停水，小区，马路，说不清")
    assert found is not None
    assert not found.shown


def test_restricted_matters_get_no_suggestion(world: World) -> None:
    train()
    matter = filed(world)
    matter.restricted = True
    assert suggesting.suggest(matter, "小区里的路灯不亮") is None


def test_the_suggestion_names_no_unit_that_the_matter_is_about(world: World) -> None:
    train()
    matter = filed(world)
    first = suggesting.suggest(matter, "小区里的路灯不亮")
    assert first is not None
    assert first.unit.code == "housing"
    matter.hidden_from = [first.unit.pk]
    other = suggesting.suggest(matter, "小区里的路灯不亮")
    assert other is None or other.unit != first.unit


def test_the_page_takes_the_same_few_statements_however_many_lines(
    world: World, django_assert_max_num_queries: Any
) -> None:
    train()
    browser = client(world, "policy_officer")
    browser.get("/desk/dispatching/")
    with django_assert_max_num_queries(24):
        browser.get("/desk/dispatching/")


def test_the_suggestion_costs_two_statements(world: World, django_assert_num_queries: Any) -> None:
    train()
    matter = filed(world)
    suggesting.suggest(matter, "小区里的路灯不亮")
    with django_assert_num_queries(2):
        suggesting.suggest(matter, "小区里的路灯不亮")


def test_a_first_dispatch_is_wrong_when_its_lead_gave_it_back_with_reason(world: World) -> None:
    secretary = world.actor("community_secretary")
    for given_back in (False, True):
        matter = filed(world)
        lead = world.unit("urban")
        perform(actor=secretary, matter=matter, action="dispatch", data={"lead": lead.pk, "assistants": []})
        if given_back:
            task = Matter.objects.get(parent=matter, kind="task")
            handler = world.actor("department_handler", unit="urban")
            perform(actor=handler, matter=task, action="object", data={
                "reason": "在小区内", "basis": "物业管理条例", "competent": world.unit("housing").pk})  # fmt: skip
            ruling = Matter.objects.get(kind="objection", is_open=True)
            perform(actor=world.actor("street_leader"), matter=ruling, action="sustain", data={
                "ruling": "属实", "unit": world.unit("housing").pk})  # fmt: skip
    found = selectors.figures()
    assert (found.dispatched, found.first_right, found.first_accuracy) == (2, 1, 0.5)
    assert (found.objections, found.sustained, found.groundless, found.undecided) == (1, 1, 0, 0)
    assert found.suggestion is None
    assert found.mean_hops is not None
    nobody = selectors.figures(area_code="532503001")
    assert (nobody.dispatched, nobody.first_accuracy, nobody.mean_hops) == (0, None, None)


def test_too_few_closed_matters_teach_nothing_and_say_so(world: World) -> None:
    from linli.affairs.dispatching import services, tasks

    with pytest.raises(services.TooFew, match="60"):
        services.train()
    assert "60" in tasks.train()
    assert not Learned.objects.exists()
