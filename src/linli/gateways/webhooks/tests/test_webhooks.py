"""From the desk's form to another system's receiver, over HTTP both times."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from standardwebhooks.webhooks import Webhook
from tests.support.world import COMMUNITY, World
from tests.test_costs import signed_in, statements

from linli.affairs.cases.process import CASE
from linli.gateways.webhooks import events
from linli.kernel import clock, ids, outreach
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.outreach import subscriptions
from linli.kernel.outreach.models import Outbox, Subscription
from linli.kernel.posts.actors import resident_actor, system_actor

pytestmark = [pytest.mark.django_db, pytest.mark.interop]
PAGE = "/desk/webhooks/"
ALL = ("began", "moved", "ended")


def keeper(world: World) -> Client:
    return signed_in(world.actor("system_admin"))


def subscribe(server: Any, *moments: str, kind: str = "case") -> tuple[Subscription, str]:
    names = [events.name_of(kind, moment) for moment in moments or ALL]
    return outreach.subscribe(actor=system_actor(), name="数字城管", url=server.url, events=names)


def a_case(**more: Any) -> Matter:
    data = {"description": "张三家楼下垃圾没人收，13800000000", "area": COMMUNITY, **more}
    return perform(process=CASE, action="report", actor=resident_actor(), data=data).matter


def test_what_is_set_up_at_the_desk_arrives_signed_and_says_nothing_personal(world: World, server: Any) -> None:
    browser = keeper(world)
    form = {"name": "数字城管", "url": server.url, "kinds": ["case"], "moments": ["began", "moved"]}
    page = browser.post(PAGE, form).content.decode()
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", page)
    assert found, page
    browser.post("/report/place/", {"area": COMMUNITY})
    sent = browser.post("/report/what/", {"description": "张三家楼下垃圾没人收", "phone": "13887300009", "key": "k"})
    assert sent.status_code == 302
    matter = Matter.objects.get(kind="case")
    perform(matter=matter, action="file", actor=world.actor("community_secretary"), data={"category": "E0102"})
    assert outreach.deliver_due("webhook") == {"sent": 2}
    told = [Webhook(found.group()).verify(body, headers) for headers, body in server.requests]
    assert [(one["type"], one["data"]["action"], one["data"]["seq"]) for one in told] == [
        ("matter.case.began", "report", 1),
        ("matter.case.moved", "file", 2),
    ]
    assert told[1]["data"]["number"] == matter.number
    assert told[1]["data"]["area_code"] == COMMUNITY
    for _headers, body in server.requests:
        for personal in ("张三", "13887300009", "垃圾"):
            assert personal not in body.decode()


def test_the_key_is_shown_once_and_a_new_one_on_demand(world: World, server: Any) -> None:
    made, secret = subscribe(server)
    browser = keeper(world)
    assert secret not in browser.get(f"{PAGE}{made.pk}/").content.decode()
    page = browser.post(f"{PAGE}{made.pk}/renew/").content.decode()
    assert re.search(r"whsec_[A-Za-z0-9+/=]+", page)
    assert secret not in page


def test_a_matter_ends_once(world: World, server: Any) -> None:
    subscribe(server, "ended")
    matter = a_case()
    secretary = world.actor("community_secretary")
    perform(matter=matter, action="look", actor=secretary, data={"checked": "real"})
    assert not Outbox.objects.filter(channel="webhook").exists()
    perform(matter=matter, action="answer", actor=secretary, data={"answer": "已经清运，欢迎再来电。"})
    assert [row.ref for row in Outbox.objects.filter(channel="webhook")] == ["3"]


def test_a_restricted_matter_is_told_to_nobody(world: World, server: Any) -> None:
    subscribe(server)
    matter = a_case()
    Matter.objects.filter(pk=matter.pk).update(restricted=True)
    fresh = Matter.objects.get(pk=matter.pk)
    perform(matter=fresh, action="file", actor=world.actor("community_secretary"), data={"category": "E0102"})
    # What was begun before it was restricted is dropped at the door; the step after it was never put there.
    assert outreach.deliver_due("webhook") == {"dropped": 1}
    assert server.requests == []


def test_a_matter_kept_from_somebody_is_told_to_nobody(world: World, server: Any) -> None:
    subscribe(server)
    matter = a_case()
    Matter.objects.filter(pk=matter.pk).update(hidden_from=[ids.uuid7()])
    assert outreach.deliver_due("webhook") == {"dropped": 1}


def test_a_receiver_that_is_away_is_seen_on_the_page_and_sent_to_again(world: World, server: Any) -> None:
    made, _secret = subscribe(server, "began")
    Subscription.objects.filter(pk=made.pk).update(url="http://127.0.0.1:9/")
    browser = keeper(world)
    with clock.using(clock.now()) as time:
        a_case()
        outreach.deliver_due("webhook")
        assert "ConnectError" in browser.get(f"{PAGE}{made.pk}/").content.decode()
        for _n in range(10):
            time.forward(days=1)
            outreach.deliver_due("webhook")
        assert Outbox.objects.get(channel="webhook").state == "failed"
        Subscription.objects.filter(pk=made.pk).update(url=server.url)
        assert signed_in(world.actor("system_admin")).post(f"{PAGE}{made.pk}/again/").status_code == 302
        assert outreach.deliver_due("webhook") == {"sent": 1}
    assert len(server.requests) == 1


def test_a_receiver_is_tried_before_anything_happens(world: World, server: Any) -> None:
    made, secret = subscribe(server, "ended")
    assert keeper(world).post(f"{PAGE}{made.pk}/ping/").status_code == 302
    assert outreach.deliver_due("webhook") == {"sent": 1}
    headers, body = server.requests[0]
    assert Webhook(secret).verify(body, headers)["type"] == events.PING


def test_stopped_is_stopped_until_somebody_goes_on(world: World, server: Any) -> None:
    made, _secret = subscribe(server, "began")
    browser = keeper(world)
    browser.post(f"{PAGE}{made.pk}/stop/")
    a_case()
    assert not Outbox.objects.filter(channel="webhook").exists()
    browser.post(f"{PAGE}{made.pk}/resume/")
    a_case()
    assert outreach.deliver_due("webhook") == {"sent": 1}


@pytest.mark.parametrize(
    "url", ["ftp://x/", "https://u:p@x/", "https://[", "http://169.254.169.254/latest/", "http://x:y/"]
)
def test_a_bad_address_is_named_at_its_field_and_what_was_typed_stays(world: World, url: str) -> None:
    form = {"name": "数字城管", "url": url, "kinds": ["case"], "moments": ["began"]}
    answer = keeper(world).post(PAGE, form)
    assert answer.status_code == 422
    assert "数字城管" in answer.content.decode()
    assert not Subscription.objects.exists()


def test_nothing_chosen_is_said_at_the_field(world: World) -> None:
    answer = keeper(world).post(PAGE, {"name": " ", "url": "https://x.example/"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "kinds", "moments"}


def test_auditor_and_security_administrator_look_and_do_not_touch(world: World, server: Any) -> None:
    made, _secret = subscribe(server)
    for kind in ("auditor", "security_admin"):
        browser = signed_in(world.actor(kind))
        assert "数字城管" in browser.get(PAGE).content.decode()
        assert browser.get(f"{PAGE}{made.pk}/").status_code == 200
        assert browser.post(PAGE, {"name": "x"}).status_code == 404
        assert browser.post(f"{PAGE}{made.pk}/stop/").status_code == 404
    assert signed_in(world.actor("community_secretary")).get(PAGE).status_code == 404


def test_an_event_costs_one_statement_and_nobody_listening_none(world: World, server: Any) -> None:
    def costs() -> int:
        with CaptureQueriesContext(connection) as captured:
            a_case()
        return len(statements(captured))

    a_case()
    without = costs()
    subscribe(server)
    subscriptions.forget()
    assert costs() == without + 1


def test_the_pages_cost_the_same_however_many_there_are(world: World, server: Any) -> None:
    browser, made = keeper(world), subscribe(server, "began")[0]

    def costs(path: str) -> int:
        browser.get(path)
        with CaptureQueriesContext(connection) as captured:
            browser.get(path)
        return len(statements(captured))

    a_case()
    before = [costs(PAGE), costs(f"{PAGE}{made.pk}/")]
    for _n in range(5):
        subscribe(server, "began")
        a_case()
    assert [costs(PAGE), costs(f"{PAGE}{made.pk}/")] == before
