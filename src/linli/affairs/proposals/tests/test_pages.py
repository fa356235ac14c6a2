"""Proposals on the desk and on the portal."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from tests.support.lively import account
from tests.support.world import World
from tests.test_costs import statements

from linli.affairs.proposals.tests.support import (
    REPLY,
    WORDS,
    again,
    assign,
    clerk,
    lead,
    opinions,
    ready,
    register,
    replied,
)
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.matters.secrets import secret_of
from linli.kernel.posts.actors import Actor

pytestmark = pytest.mark.usefixtures("now")


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(account(actor), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(actor: Actor, matter: Matter) -> str:
    response = client_of(actor).get(reverse("desk:matter", args=[matter.number]))
    assert response.status_code == 200
    return response.content.decode()


def published(world: World, **changes: Any) -> Matter:
    matter = replied(world, **changes)
    perform(actor=world.actor("publisher"), matter=matter, action="publish", data={"seen": "on"})
    return again(matter)


def test_a_clerk_registers_a_proposal_and_keeps_what_was_typed(world: World) -> None:
    desk = client_of(clerk(world))
    refused = desk.post(reverse("proposals:new"), {**WORDS, "subject": "", "key": "a"})
    assert refused.status_code == 422
    assert "赵甲、钱乙" in refused.content.decode()
    done = desk.post(reverse("proposals:new"), {**WORDS, "key": "b"})
    matter = Matter.objects.get(kind="proposal")
    assert done.headers["Location"] == reverse("desk:matter", args=[matter.number])


def test_every_page_on_the_way_opens_for_whoever_it_waits_for(world: World) -> None:
    matter = register(world)
    shown = page(clerk(world), matter)
    assert "交办" in shown
    assert "13887300009" not in shown, "the number stands behind its mask"
    matter = assign(world, matter, "health")
    assert "反馈会办意见" in page(world.actor("department_handler", unit="health"), opinions(matter)[0])
    perform(
        actor=world.actor("department_handler", unit="health"), matter=opinions(matter)[0], action="give",
        data={"opinion": "已安排义诊"},
    )  # fmt: skip
    drafting = client_of(lead(world)).get(reverse("desk:act", args=[matter.number, "draft"])).content.decode()
    assert "已安排义诊" in drafting, "the draft begins with the opinion"
    matter = ready(world, matter)
    shown = page(lead(world), matter)
    assert "下载草稿" in shown
    assert "我市有老旧小区 40 个" in shown, "the reply can be read on the page"
    for actor, key in ((clerk(world), "proposals-assign"), (lead(world), "proposals-handle")):
        assert client_of(actor).get(reverse("desk:queue", args=[key])).status_code == 200
    listed = client_of(clerk(world)).get(reverse("desk:list", args=["proposals"]), {"type": "congress"})
    assert matter.number not in listed.content.decode()


def test_the_letter_is_a_file_for_whoever_sees_the_proposal_and_for_nobody_else(world: World) -> None:
    matter = assign(world, register(world))
    where = reverse("proposals:letter", args=[matter.number, "docx"])
    desk = client_of(lead(world))
    assert desk.get(where).status_code == 404, "there is no reply yet"
    matter = ready(world, matter)
    word = desk.get(where)
    assert "第77号提案的答复" in Document(io.BytesIO(word.content)).core_properties.title
    assert desk.get(reverse("proposals:letter", args=[matter.number, "pdf"])).content.startswith(b"%PDF")
    assert desk.get(reverse("proposals:letter", args=[matter.number, "exe"])).status_code == 404
    stranger = client_of(world.actor("department_handler", unit="water"))
    assert stranger.get(where).status_code == 404


def test_the_public_reads_published_replies_without_phones(world: World, client: Client) -> None:
    assert "还没有公开的答复" in client.get(reverse("portal:replies")).content.decode()
    hidden = replied(world)
    assert client.get(reverse("portal:reply", args=[hidden.number])).status_code == 404
    perform(actor=world.actor("publisher"), matter=hidden, action="publish", data={"seen": "on"})
    shown = client.get(reverse("portal:reply", args=[hidden.number])).content.decode()
    for words in (
        "蒙民函〔2026〕38号",
        f"532503-{hidden.number}",
        "解决采纳",
        "我市有老旧小区 40 个",
        "2026年11月24日",
    ):
        assert words in shown
    assert "0873-0000000" not in shown
    assert hidden.number in client.get(reverse("portal:replies")).content.decode()
    perform(actor=world.actor("publisher"), matter=hidden, action="take_down", data={"reason": "有误"})
    assert client.get(reverse("portal:reply", args=[hidden.number])).status_code == 404


def test_the_proposer_follows_the_paper_and_rates_the_reply(world: World, client: Client) -> None:
    matter = replied(world)
    where = reverse("portal:track", args=[matter.number, secret_of(matter.pk)])
    shown = client.get(where).content.decode()
    assert "我市有老旧小区 40 个" in shown
    rate = reverse("portal:act", args=[matter.number, secret_of(matter.pk), "rate"])
    assert client.post(rate, {"grade": "fair", "note": ""}).status_code == 302
    assert again(matter).proposal.grade == "fair"


def test_what_was_asked_for_is_held_by_whoever_decides_and_not_offered_twice(world: World) -> None:
    matter = ready(world, assign(world, register(world)))
    head = world.actor("department_head", unit="civil")
    perform(actor=lead(world), matter=matter, action="sign", data={"signed_by": "分管副市长"})
    text = page(lead(world), matter)
    assert "“送签答复”已经申请，正在等审批。" in text
    holder = text[text.index("现由") :][:300]
    assert str(head.post and head.post.title) in holder
    assert "批准或不批准" in holder


def test_both_answers_to_a_question_stand_side_by_side(world: World) -> None:
    matter = ready(world, assign(world, register(world)))
    asked = perform(actor=lead(world), matter=matter, action="sign", data={"signed_by": "分管副市长"}).approval
    assert asked is not None
    text = page(world.actor("department_head", unit="civil"), asked)
    beside = text[text.index('class="actions"') :].partition("<details")[0]
    assert "同意并上报" in beside
    assert "不批准" in beside
    assert "已批准 / 未批准" in text, "the ribbon does not answer the question either"


@pytest.mark.parametrize("name", ["portal:replies", "desk"])
def test_a_list_costs_the_same_with_one_proposal_and_with_several(world: World, name: str) -> None:
    browser = client_of(clerk(world))
    where = reverse("desk:list", args=["proposals"]) if name == "desk" else reverse(name)
    costs = []
    for count in (1, 4):
        for number in range(count):
            matter = register(world, serial=f"{count}{number}")
            matter = assign(world, matter)
            if name != "desk":
                from linli.affairs.proposals.models import Proposal

                Proposal.objects.filter(pk=matter.pk).update(published_on="2026-11-24", reply="答复")
        browser.get(where)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(where).status_code == 200
        costs.append(len(statements(captured)))
    assert costs[0] == costs[1]


def test_a_units_steps_cost_at_most_twelve_statements(world: World) -> None:
    """The kernel's rule for every step of a unit; the letter is made in the same transaction as its signature."""
    matter = assign(world, register(world), "health")
    health = world.actor("department_handler", unit="health")
    chief, leader = world.actor("department_head", unit="civil"), world.actor("district_leader")
    steps: list[tuple[Actor, Any, str, dict[str, Any]]] = [
        (health, lambda: opinions(matter)[0], "give", {"opinion": "已安排"}),
        (lead(world), lambda: matter, "speak", {"way": "phone", "said": "已说明"}),
        (lead(world), lambda: matter, "draft", REPLY),
        (lead(world), lambda: matter, "sign", {"signed_by": "副市长"}),
        (chief, lambda: Matter.objects.get(kind="approval"), "endorse", {}),
        (leader, lambda: Matter.objects.get(kind="approval"), "approve", {}),
    ]
    for actor, which, name, data in steps:
        found = which()
        with CaptureQueriesContext(connection) as captured:
            perform(actor=actor, matter=found, action=name, data=data)
        # An approval also does what was asked for: two moves in one.
        most = 24 if name == "approve" else 12
        assert len(statements(captured)) <= most, (name, statements(captured))
