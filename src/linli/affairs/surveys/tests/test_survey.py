"""A survey from its plan to the published rates: who was drawn, how sure, and nobody's answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.lively import account
from tests.support.world import COMMUNITY, World

from linli.affairs.cases.process import CASE
from linli.affairs.registry import selectors as registry_selectors
from linli.affairs.registry import services as registry_services
from linli.affairs.registry.models import Lookup, Resident
from linli.affairs.surveys import counting, frame, selectors, services, showing
from linli.affairs.surveys.forms import AnswerForm
from linli.affairs.surveys.models import Answer, Asked, Survey
from linli.affairs.surveys.policy import SurveyRules
from linli.affairs.surveys.process import SURVEY
from linli.kernel import areas, clock, people, policy
from linli.kernel.areas.models import Level
from linli.kernel.errors import Invalid, NotHere, NotNow
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter, TrailPayload
from linli.kernel.posts.actors import Actor, resident_actor
from linli.kernel.privacy.models import AccessLog

GOOD = {"awareness": "yes", "satisfaction": "good", "safety": "safe"}


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.using(clock.at(date(2026, 11, 24), 9)) as travel:
        yield travel


def keeper(world: World) -> Actor:
    return world.actor("shift_leader")


def caller(world: World) -> Actor:
    return world.actor("call_backer")


def callers(count: int) -> None:
    """So many residents with a number reported something; one without a number, too."""
    for at in range(count):
        person = people.ensure_by_phone(f"138873{at:05}", "")
        data = {"description": "灯不亮", "area": COMMUNITY}
        perform(process=CASE, action="report", actor=resident_actor(person), data=data)
    perform(process=CASE, action="report", actor=resident_actor(), data={"description": "灯不亮", "area": COMMUNITY})


def plan(world: World, **changes: Any) -> Matter:
    data = {
        "title": "十一月满意度调查",
        "frame_since": "2026-06-01",
        "frame_until": "2026-11-24",
        "size": "12",
        **changes,
    }
    return perform(process=SURVEY, action="plan", actor=keeper(world), data=data).matter


def asking(world: World, count: int = 14, **changes: Any) -> Survey:
    callers(count)
    matter = plan(world, **changes)
    perform(actor=keeper(world), matter=matter, action="draw")
    return Survey.objects.select_related("matter").get(pk=matter.pk)


def form(survey: Survey, way: str = "phone", **said: str) -> AnswerForm:
    made = AnswerForm(survey.questions, {"way": way, **GOOD, **said})
    assert made.is_valid(), made.errors
    return made


def answered(world: World, survey: Survey, count: int, **said: str) -> None:
    for _ in range(count):
        asked = selectors.next_one(survey)
        assert asked is not None
        services.answer(actor=caller(world), survey=survey, number=asked.number, form=form(survey, **said))


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(account(actor), backend="django.contrib.auth.backends.ModelBackend")
    return client


# -- the sample ----------------------------------------------------------------------------------------------


def test_the_sample_is_drawn_from_callers_once_each_by_a_seed_anybody_can_use_again(world: World) -> None:
    survey = asking(world)
    assert survey.frame_size == 14, "who left no number cannot be drawn"
    drawn = list(Asked.objects.filter(survey=survey).order_by("number").values_list("person", flat=True))
    assert len(set(drawn)) == 12
    again = frame.draw(survey, keeper(world), areas.tree().by_id(survey.matter.area_id), survey.seed)
    assert [person for person, _code in again.chosen] == drawn
    other = frame.draw(survey, keeper(world), areas.tree().by_id(survey.matter.area_id), "another seed")
    assert [person for person, _code in other.chosen] != drawn


def residents(world: World, count: int, born_on: date = date(1970, 5, 6), start: int = 0) -> None:
    """So many residents of the registry with a number, in the world's community."""
    worker = world.actor("community_worker")
    place = world.node(COMMUNITY).id
    house = registry_services.register_house(actor=worker, area=place, address=f"天马路{start + 1}号")
    for at in range(start, start + count):
        registry_services.register_resident(
            actor=worker, name="居民" + "甲乙丙丁戊己庚辛壬癸"[at % 10], house=house, born_on=born_on,
            phone=f"1388800{at:04}",
        )  # fmt: skip


def test_where_the_registry_holds_enough_adults_they_are_the_frame_and_each_can_read_it(world: World) -> None:
    residents(world, 15)
    residents(world, 3, born_on=date(2015, 5, 6), start=20)
    survey = asking(world)
    assert (survey.frame, survey.frame_size) == (Survey.Frame.REGISTRY, 15), "children are never drawn"
    assert (survey.frame_places, survey.frame_of) == (1, len(areas.tree().of_level(Level.COMMUNITY)))
    drawn = set(Asked.objects.filter(survey=survey).values_list("person", flat=True))
    assert drawn <= set(Resident.objects.values_list("pk", flat=True))
    listed = registry_selectors.looked_up(drawn.pop())
    assert [one.purpose for one in listed] == ["抽样调查：十一月满意度调查"]
    words = showing.frame_words(survey)
    assert "从登记簿里在册、成年、留有电话的居民中随机抽取（抽样框 15 人" in words
    page = client_of(keeper(world)).get(reverse("desk:matter", args=[survey.matter.number])).content.decode()
    assert words in page


def test_a_registry_with_too_few_leaves_the_frame_to_callers_and_says_so(world: World) -> None:
    residents(world, 11)
    survey = asking(world)
    assert (survey.frame, survey.frame_size) == (Survey.Frame.CALLERS, 14)
    assert "登记簿里本区域可抽的居民不够样本数" in showing.frame_words(survey)
    assert not Lookup.objects.exists()


def test_who_has_no_purpose_in_the_registry_draws_nobody_out_of_it(world: World) -> None:
    residents(world, 15)
    tree = areas.tree()
    assert registry_selectors.survey_frame(keeper(world), tree.root).count() == 15
    assert registry_selectors.survey_frame(world.actor("grid_worker"), tree.root).count() == 0
    assert registry_selectors.survey_frame(world.actor("community_secretary"), tree.by_code(COMMUNITY)).count() == 0


def test_a_frame_without_anybody_says_so(world: World) -> None:
    matter = plan(world)
    with pytest.raises(NotNow) as refused:
        perform(actor=keeper(world), matter=matter, action="draw")
    assert "抽不出样本" in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"size": "9"}, "size"), ({"size": "401"}, "size"), ({"frame_until": "2026-05-01"}, "frame_until")],
)
def test_a_plan_that_does_not_hold_says_where(world: World, changes: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        plan(world, **changes)
    assert set(refused.value.errors) == {field}


# -- answers -------------------------------------------------------------------------------------------------


def test_an_answer_says_not_whose_it_is(world: World) -> None:
    survey = asking(world)
    answered(world, survey, 1, satisfaction="poor")
    row = Answer.objects.get()
    assert {field.name for field in Answer._meta.get_fields()} == {"id", "survey", "street_code", "way", "said"}
    assert len(row.street_code) == 9
    assert row.pk.version == 4, "an id of version 7 would tell the minute of the call"
    payloads = str(list(TrailPayload.objects.filter(matter_id=survey.pk).values_list("payload", flat=True)))
    assert "poor" not in payloads


def test_nobody_is_entered_twice_or_after_the_end_or_by_who_does_not_ask(world: World) -> None:
    survey = asking(world)
    services.answer(actor=caller(world), survey=survey, number=1, form=form(survey))
    for again in (1,):
        with pytest.raises(NotNow):
            services.answer(actor=caller(world), survey=survey, number=again, form=form(survey))
    with pytest.raises(NotHere):
        services.answer(actor=keeper(world), survey=survey, number=2, form=form(survey))
    with pytest.raises(NotHere):
        services.answer(actor=caller(world), survey=survey, number=99, form=form(survey))


def test_after_three_tries_or_one_refusal_nobody_calls_again(world: World) -> None:
    survey = asking(world)
    for _ in range(3):
        services.not_answered(actor=caller(world), survey=survey, number=1, refused=False)
    services.not_answered(actor=caller(world), survey=survey, number=2, refused=True)
    found = selectors.progress(survey)
    assert (found.waiting, found.unreached, found.refused) == (10, 1, 1)
    with pytest.raises(NotNow):
        services.not_answered(actor=caller(world), survey=survey, number=1, refused=False)


# -- results -------------------------------------------------------------------------------------------------


def test_the_interval_is_wilsons() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, method 3.
    low, high = counting.interval(81, 263, 95)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    low, high = counting.interval(20, 20, 95)
    assert (round(low, 3), high) == (0.839, 1.0)


def test_results_show_share_and_interval_and_leave_out_who_could_not_say(world: World) -> None:
    survey = asking(world)
    answered(world, survey, 9)
    answered(world, survey, 2, satisfaction="poor", safety="unsure")
    found = counting.results(survey, policy.get(SurveyRules))
    rates = {rate["code"]: rate["whole"] for rate in found["rates"]}
    assert (rates["satisfaction"]["n"], rates["satisfaction"]["counted"]) == (11, 9)
    assert rates["satisfaction"]["low"] < 9 / 11 < rates["satisfaction"]["high"]
    assert rates["safety"]["share"] is None, "nine answers are too few to show"


def test_a_street_with_few_answers_is_hidden_and_cannot_be_worked_out(world: World) -> None:
    survey = asking(world)
    for street, count in (("532503001", 12), ("532503002", 11), ("532503003", 3)):
        for _ in range(count):
            Answer.objects.create(survey=survey, street_code=street, way="phone", said=GOOD)
    found = counting.results(survey, policy.get(SurveyRules))["rates"][0]
    shown = {street: share["n"] for street, share in found["streets"]}
    assert shown == {"532503001": 12, "532503002": None, "532503003": None}
    assert found["whole"]["n"] == 26


def test_too_few_answers_are_not_counted(world: World) -> None:
    survey = asking(world)
    answered(world, survey, 9)
    with pytest.raises(NotNow) as refused:
        perform(actor=keeper(world), matter=survey.matter, action="count")
    assert "只有 9 份" in str(refused.value)


def test_once_counted_the_list_is_forgotten(world: World) -> None:
    survey = asking(world)
    answered(world, survey, 10)
    perform(actor=keeper(world), matter=survey.matter, action="count")
    assert not Asked.objects.filter(person__isnull=False).exists()
    survey.matter.refresh_from_db()
    with pytest.raises(NotNow):
        services.answer(actor=caller(world), survey=survey, number=11, form=form(survey))


# -- pages ---------------------------------------------------------------------------------------------------


def test_a_caller_works_through_the_list_and_each_look_is_logged(world: World) -> None:
    survey = asking(world)
    desk = client_of(caller(world))
    where = reverse("surveys:ask", args=[survey.matter.number])
    first = desk.get(where).content.decode()
    assert "样本 1" in first
    assert "13887300" not in first, "the number stands behind its mask"
    looked = desk.post(reverse("surveys:look", args=[survey.matter.number]), {"n": "1"})
    assert "138873" in looked.content.decode()
    assert AccessLog.objects.filter(subject_id=survey.pk).count() == 1
    refused = desk.post(where, {"n": "1", "do": "answer", "way": "phone"})
    assert refused.status_code == 422
    assert desk.post(where, {"n": "1", "do": "answer", "way": "paper", **GOOD}).status_code == 302
    assert "样本 2" in desk.get(where).content.decode()
    assert desk.post(where, {"n": "2", "do": "refused"}).status_code == 302
    assert Answer.objects.get().way == "paper"
    assert client_of(keeper(world)).get(where).status_code == 404


def test_the_public_reads_who_was_asked_and_how_sure_it_is(world: World, client: Client) -> None:
    assert "还没有公布的调查" in client.get(reverse("portal:surveys")).content.decode()
    survey = asking(world)
    answered(world, survey, 12, satisfaction="fair")
    desk = client_of(keeper(world))
    perform(actor=keeper(world), matter=survey.matter, action="count")
    assert "置信区间" in desk.get(reverse("desk:matter", args=[survey.matter.number])).content.decode()
    where = reverse("portal:survey", args=[survey.matter.number])
    assert client.get(where).status_code == 404
    perform(actor=world.actor("publisher"), matter=survey.matter, action="publish", data={"seen": "on"})
    shown = client.get(where).content.decode()
    for words in (
        "不能代表全体居民",
        "应答率 100.0%",
        "100.0%（12 人回答，95% 置信区间 75.8%–100.0%）",
        survey.seed or "种子",
    ):
        assert words in shown
    assert survey.matter.number in client.get(reverse("portal:surveys")).content.decode()


def test_the_desk_plans_draws_and_lists(world: World) -> None:
    callers(12)
    desk = client_of(keeper(world))
    data = {"title": "满意度", "frame_since": "2026-06-01", "frame_until": "2026-11-24", "size": "12"}
    assert desk.get(reverse("surveys:new")).status_code == 200
    assert desk.post(reverse("surveys:new"), {**data, "size": "1", "key": "a"}).status_code == 422
    assert desk.post(reverse("surveys:new"), {**data, "key": "b"}).status_code == 302
    matter = Matter.objects.get(kind="survey")
    assert matter.number in desk.get(reverse("desk:queue", args=["surveys"])).content.decode()
    perform(actor=keeper(world), matter=matter, action="draw")
    assert matter.number in client_of(caller(world)).get(reverse("desk:queue", args=["surveys-ask"])).content.decode()
    assert desk.get(reverse("desk:list", args=["surveys"])).status_code == 200
