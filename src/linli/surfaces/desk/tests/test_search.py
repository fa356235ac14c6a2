"""The search box and the box of each list: by number, words and phone, within reach, by an index each."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from tests.support.world import World

from linli.kernel.matters import selectors
from linli.kernel.matters.models import Matter
from linli.surfaces.desk.tests.conftest import SignIn, file, report

pytestmark = pytest.mark.django_db


def said(client: Client, text: str, address: str = "/desk/search/") -> str:
    return client.get(address, {"q": text}).content.decode()


def test_the_search_box_finds_by_number_words_and_phone_within_reach(world: World, desk: SignIn) -> None:
    matter = report(name="王大妈")
    client = desk("community_secretary")
    assert client.get("/desk/search/", {"q": matter.number})["Location"].endswith(f"/{matter.number}/")
    assert matter.number in client.get("/desk/search/", {"q": "13887300001"}).content.decode()
    text = client.get("/desk/search/", {"q": "王大妈"}).content.decode()
    assert matter.number in text
    assert "王**" in text or "王" in text
    stranger = desk("community_secretary", area="532503001001", unit="elsewhere")
    assert matter.number not in stranger.get("/desk/search/", {"q": "13887300001"}).content.decode()


def test_a_number_is_found_in_small_letters_and_by_its_end(world: World, desk: SignIn) -> None:
    matter, client = report(), desk("community_secretary")
    assert client.get("/desk/search/", {"q": matter.number.lower()})["Location"].endswith(f"/{matter.number}/")
    for text in (matter.number[-5:], matter.number[-9:].lower()):
        assert matter.number in said(client, text)
        assert matter.number in said(client, text, "/desk/lists/cases/")
    assert matter.number not in said(client, matter.number[-5:-1])


def test_words_of_a_title_find_what_is_open_and_what_has_ended(world: World, desk: SignIn) -> None:
    ended, matter, client = report(), report(phone="13887300002"), desk("community_secretary")
    file(world, matter)
    Matter.objects.filter(pk=ended.pk).update(title="B座门前路灯不亮", is_open=False, closed_at=ended.opened_at)
    Matter.objects.filter(pk=matter.pk).update(title="12号楼路灯不亮")
    for text in ("路灯", "灯不亮", "路灯不亮"):
        page = said(client, text)
        assert page.index(matter.number) < page.index(ended.number), "what is open comes first"
    assert ended.number in said(client, "b座")
    # Its pairs are in the title, but not in this order; and a pattern's signs are no pattern.
    for text in ("不亮灯不", "路_不", "路%", "暖气"):
        assert ended.number not in said(client, text)
    page = said(client, "灯")
    assert matter.number in page
    assert ended.number not in page
    assert "一个字只在未结的事项里找" in page
    assert ended.number in said(client, "灯", "/desk/lists/cases/"), "a list is bounded by what it is of"


def test_each_way_to_look_has_its_index(world: World) -> None:
    report()

    def plan(found: QuerySet[Matter]) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        return found.order_by().explain()

    # Whole: the index of the ends begins with the same letters.
    assert re.search(r"\bmatters_number\b", plan(Matter.objects.filter(number="C-20260311-00001")))
    assert "matters_title" in plan(Matter.objects.filter(selectors.remembered("路灯不亮")))
    both = plan(Matter.objects.filter(selectors.remembered("00001")))
    assert "matters_title" in both
    assert "matters_number_end" in both
