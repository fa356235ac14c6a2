"""Taking in on behalf: the caller's open matters, what was pasted, an answer at once, a slip to take along."""

from __future__ import annotations

from typing import Any

from django.test import Client
from tests.support.world import COMMUNITY, World

from linli.kernel.matters.models import Matter
from linli.surfaces.desk.tests.conftest import SignIn, report

CALL = {
    "channel": "phone",
    "description": "路灯不亮",
    "area": COMMUNITY,
    "caller": "李大爷",
    "caller_phone": "13887300009",
}


def take(client: Client, do: str = "register", **extra: Any) -> Any:
    return client.post("/desk/intake/", {**CALL, "do": do, "key": "k1", **extra}, follow=True)


def test_a_call_is_registered_and_the_slip_says_what_happens_next(world: World, desk: SignIn) -> None:
    text = take(desk("community_worker")).content.decode()
    matter = Matter.objects.get(kind="case")
    assert matter.number in text
    assert "登记回执" in text
    assert "<svg" in text
    assert "13887300009" not in text


def test_sent_twice_it_is_registered_once(world: World, desk: SignIn) -> None:
    client = desk("community_worker")
    take(client)
    take(client)
    assert Matter.objects.filter(kind="case").count() == 1


def test_the_number_shows_the_callers_open_matters_with_script_and_without(world: World, desk: SignIn) -> None:
    matter = report()
    client = desk("community_secretary")
    fragment = client.post("/desk/intake/caller/", {"caller_phone": "138 8730 0001"}).content.decode()
    assert matter.number in fragment
    assert "<html" not in fragment
    whole = client.post("/desk/intake/", {**CALL, "caller_phone": "13887300001", "do": "look"}).content.decode()
    assert matter.number in whole
    assert "路灯不亮" in whole


def test_a_pasted_message_fills_category_place_and_number(world: World, desk: SignIn) -> None:
    pasted = "你好，青云社区天马路12号门口垃圾堆了三天没人收，电话13887300077"
    text = desk("community_secretary").post("/desk/intake/", {"pasted": pasted, "do": "guess"}).content.decode()
    assert 'value="13887300077"' in text
    assert "垃圾堆了三天" in text
    assert "天马路12号" in text


def test_a_question_is_answered_and_closed_on_the_same_screen(world: World, desk: SignIn) -> None:
    text = take(desk("community_worker"), "answer", answer="路灯归路灯所，已转告").content.decode()
    assert Matter.objects.get(kind="case").stage == "answered"
    assert "到此结束" in text


def test_errors_keep_what_was_typed_and_do_not_ask_for_an_answer(world: World, desk: SignIn) -> None:
    answer = take(desk("community_worker"), area="", caller_phone="12")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "路灯不亮" in text
    assert 'href="#id_caller_phone"' in text
    assert 'href="#id_answer"' not in text
    assert not Matter.objects.exists()


def test_for_somebody_else_consent_is_asked_for(world: World, desk: SignIn) -> None:
    client = desk("community_worker")
    assert take(client, relation="母亲").status_code == 422
    assert take(client, relation="母亲", consent="on", key="k2").status_code == 200


def test_posts_without_the_duty_find_no_such_page(world: World, desk: SignIn) -> None:
    assert desk("department_handler", unit="water").get("/desk/intake/").status_code == 404
