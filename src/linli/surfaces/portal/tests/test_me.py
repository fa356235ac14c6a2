"""A resident's own pages: in by a code, my matters, who looked, my data, my grid worker."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.world import COMMUNITY, STREET, World

from linli.affairs.cases.process import CASE
from linli.kernel import clock, people, privacy
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.matters.secrets import secret_of
from linli.kernel.people.models import Person, SignInCode
from linli.kernel.people.services.sign_in import message_of
from linli.kernel.posts.actors import resident_actor

PHONE = "13887300001"


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.using(clock.at(date(2026, 11, 24), 9)) as travel:
        yield travel


@pytest.fixture
def device(world: World) -> Client:
    return Client()


def reported(phone: str = PHONE) -> Matter:
    data = {"description": "楼下垃圾好几天没人收", "area": COMMUNITY, "phone": phone}
    return perform(process=CASE, action="report", actor=resident_actor(), data=data).matter


def code() -> str:
    message = message_of(SignInCode.objects.latest("created_at").pk)
    assert message is not None
    return message.code


def signed_in(device: Client, **more: str) -> Any:
    device.post("/me/enter/", {"step": "ask", "phone": PHONE})
    return device.post("/me/enter/", {"step": "code", "phone": PHONE, "code": code(), **more})


def test_the_first_page_has_only_doors_that_lead_somewhere_and_asks_little(
    device: Client, django_assert_max_num_queries: Any
) -> None:
    device.get("/")  # what a process remembers: the tree, the policy
    with django_assert_max_num_queries(2):
        page = device.get("/").content.decode()
    assert "有事找邻里" in page
    for door in ("/report/", "/find/", "/public/"):
        assert f'href="{door}"' in page
        assert device.get(door).status_code == 200


def test_my_matters_stand_behind_a_code_sent_to_my_phone(device: Client) -> None:
    matter = reported()
    assert device.get("/me/").url == "/me/enter/?next=/me/"
    answer = signed_in(device, next="/me/")
    assert answer.url == "/me/"
    page = device.get("/me/").content.decode()
    assert matter.title in page
    assert reverse("portal:track", args=[matter.number, secret_of(matter.pk)]) in page


def test_somebody_elses_matters_are_not_mine(device: Client) -> None:
    other = reported("13887300002")
    signed_in(device)
    assert other.title not in device.get("/me/").content.decode()
    assert device.get(f"/me/{other.number}/").url == "/find/"


def test_a_number_and_the_phones_code_lead_to_the_matter(device: Client) -> None:
    matter = reported()
    device.post("/find/", {"step": "ask", "phone": PHONE, "number": matter.number.lower()})
    answer = device.post("/find/", {"step": "code", "phone": PHONE, "number": matter.number.lower(), "code": code()})
    assert answer.url == reverse("portal:track", args=[matter.number, secret_of(matter.pk)])


def test_a_number_that_is_not_mine_shows_nothing_of_it(device: Client) -> None:
    other = reported("13887300002")
    answer = signed_in(device, number=other.number)
    assert answer.url == "/me/"


def test_a_wrong_code_is_told_and_the_number_stays(device: Client) -> None:
    device.post("/me/enter/", {"step": "ask", "phone": PHONE})
    answer = device.post(
        "/me/enter/", {"step": "code", "phone": PHONE, "code": "000000" if code() != "000000" else "1"}
    )
    assert answer.status_code == 400
    assert PHONE in answer.content.decode()


def test_signing_in_never_leads_away_from_here(device: Client) -> None:
    assert signed_in(device, next="https://example.org/").url == "/me/"


def test_i_see_which_post_looked_at_my_number_and_not_who(device: Client, world: World) -> None:
    matter = reported()
    clerk = world.actor("community_worker")
    privacy.reveal(clerk, matter.reporter, "phone", "回访办理结果", subject_id=matter.pk)
    signed_in(device)
    page = device.get("/me/looks/").content.decode()
    assert "社区工作者1" in page
    assert clerk.label in page


def test_i_put_my_name_right_and_see_my_number_covered(device: Client) -> None:
    reported()
    signed_in(device)
    assert device.post("/me/data/", {"name": "王\u0007"}).status_code == 422
    device.post("/me/data/", {"name": "王大妈"})
    assert Person.objects.get(pk=people.find_by_phone(PHONE).pk).name == "王大妈"
    page = device.get("/me/data/").content.decode()
    assert "138****0001" in page
    assert PHONE not in page


def test_leaving_forgets_me_on_this_phone(device: Client) -> None:
    signed_in(device)
    device.post("/me/leave/")
    assert device.get("/me/").status_code == 302


def test_my_grid_worker_is_found_once_and_remembered(device: Client, world: World) -> None:
    worker = world.actor("grid_worker")
    worker.post.phone = "0873-3721234"
    worker.post.save()
    step = device.post("/helper/", {"in": STREET})
    assert "in=" + STREET in step.url
    device.post("/helper/", {"area": COMMUNITY})
    for address in ("/helper/", "/"):
        page = device.get(address).content.decode()
        assert 'href="tel:08733721234"' in page
        assert worker.person.name in page


def test_help_shows_every_number_as_a_link(device: Client) -> None:
    page = device.get("/help/").content.decode()
    for number in ("110", "119", "120", "12345"):
        assert f'href="tel:{number}"' in page


def test_the_elders_edition_is_one_tap_and_remembered(device: Client) -> None:
    device.post("/prefs/elder/", {"elder": "20", "next": "/"})
    assert 'class="elder' in device.get("/").content.decode()


@pytest.mark.parametrize("address", ["/t/C-1/x/", "/me/C-1/", "/helper/?in=zzz", "/helper/?in=%00", "/public/C-1/"])
def test_strange_addresses_do_no_harm(device: Client, address: str) -> None:
    assert device.get(address).status_code in {200, 302, 404}
