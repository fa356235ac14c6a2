"""A proposal from its registration to the published letter, and what bad input gets."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from typing import Any

import pytest
from docx import Document
from tests.support.world import COMMUNITY, World

from linli.affairs.proposals import letters, selectors
from linli.affairs.proposals.models import Linked, Proposal
from linli.affairs.proposals.tests.support import (
    REPLY,
    again,
    assign,
    clerk,
    lead,
    opinions,
    ready,
    register,
    replied,
    sign,
)
from linli.kernel import clock
from linli.kernel.errors import Invalid, NotHere, NotNow
from linli.kernel.matters import perform, sweeping
from linli.kernel.matters.models import Matter, TrailPayload
from linli.kernel.posts.actors import resident_actor

pytestmark = pytest.mark.usefixtures("now")


def test_a_proposal_is_answered_signed_rated_and_published(world: World) -> None:
    matter = assign(world, register(world), "health")
    (opinion,) = opinions(matter)
    assert opinion.held_unit == world.unit("health")
    health = world.actor("department_handler", unit="health")
    perform(actor=health, matter=opinion, action="give", data={"opinion": "我局已安排义诊。"})
    matter = ready(world, matter)
    matter = sign(world, matter)
    paper = matter.proposal
    assert matter.stage == "replied"
    assert (paper.signed_by, paper.signed_on) == ("分管副市长", clock.today())
    perform(actor=clerk(world), matter=matter, action="rate", data={"grade": "good", "note": "办得实在"})
    perform(actor=world.actor("publisher"), matter=matter, action="publish", data={"seen": "on"})
    assert again(matter).stage == "done"
    assert selectors.published_one(matter.number).subject == "关于加强老旧小区管理的建议"


def test_the_signed_letter_has_the_official_form_and_is_kept_byte_for_byte(world: World) -> None:
    matter = replied(world)
    kept = bytes(Proposal.objects.get(pk=matter.pk).letter or b"")
    texts = [p.text for p in Document(io.BytesIO(kept)).paragraphs if p.text]
    assert texts[:4] == [
        "〔办理类型〕〔A〕",
        "〔是否公开〕〔是〕",
        "蒙民函〔2026〕38号",
        "关于市政协十届四次会议第77号提案的答复",
    ]
    assert "赵甲、钱乙各位委员：" in texts
    assert "2026年11月24日" in texts
    assert "抄送：市政府办公室，市政协提案委。" in texts
    said = TrailPayload.objects.filter(matter_id=matter.pk).values_list("payload", flat=True)
    assert hashlib.sha256(kept).hexdigest() in [payload.get("sha256") for payload in said]


def test_neither_words_nor_phone_of_the_paper_stand_in_the_trail(world: World) -> None:
    matter = ready(world, register_and_assign(world))
    payloads = str(list(TrailPayload.objects.filter(matter_id=matter.pk).values_list("payload", flat=True)))
    assert "13887300009" not in payloads
    assert "老旧小区 40 个" not in payloads


def register_and_assign(world: World) -> Matter:
    return assign(world, register(world))


def test_the_draft_begins_with_opinions_and_with_what_came_of_whistles(world: World) -> None:
    matter = assign(world, register(world), "health")
    (opinion,) = opinions(matter)
    health = world.actor("department_handler", unit="health")
    perform(actor=health, matter=opinion, action="give", data={"opinion": "我局已安排义诊。"})
    blow(world, matter)
    begun = letters.begun(again(matter), again(matter).proposal)
    assert "（一）health会办意见\n我局已安排义诊。" in begun
    assert "关于加强老旧小区管理的建议：正在办理，现处于“问题收集”。" in begun


def blow(world: World, matter: Matter, **changes: Any) -> None:
    """The street is asked for its opinion, and blows."""
    street = world.actor("street_dispatcher")
    asked = [one for one in opinions(matter) if one.held_unit == street.unit]
    if not asked:
        perform(actor=clerk(world), matter=matter, action="add_unit", data={"unit": street.unit_id})
        asked = [one for one in opinions(matter) if one.held_unit == street.unit]
    data = {
        "type": "regular", "source": "08", "title": "关于加强老旧小区管理的建议", "area": COMMUNITY,
        "description": "小区无人管", "reason": "须部门执法", **changes,
    }  # fmt: skip
    perform(actor=street, matter=asked[0], action="whistle", data=data)


def test_a_whistle_is_blown_for_a_proposal_by_the_whistles_own_rules(world: World) -> None:
    matter = register_and_assign(world)
    with pytest.raises(Invalid) as refused:
        blow(world, matter, reason="")
    assert "reason" in refused.value.errors
    blow(world, matter)
    link = Linked.objects.get(proposal=matter.pk)
    assert (link.about.kind, link.about.source) == ("whistle", "08")
    with pytest.raises(NotHere):
        perform(actor=lead(world), matter=matter, action="whistle", data={})
    with pytest.raises(Invalid) as refused:
        perform(actor=clerk(world), matter=matter, action="whistle", data={"type": "regular"})
    assert "请街道吹哨" in refused.value.errors["type"][0]


def test_a_street_that_leads_blows_for_itself(world: World) -> None:
    street = world.actor("street_dispatcher")
    matter = register(world)
    perform(actor=clerk(world), matter=matter, action="assign", data={"lead": street.unit_id, "assistants": []})
    data = {
        "type": "regular",
        "source": "08",
        "title": "积水",
        "area": COMMUNITY,
        "description": "积水",
        "reason": "须部门",
    }
    perform(actor=street, matter=matter, action="whistle", data=data)
    assert Linked.objects.get(proposal=matter.pk).about.title == "积水"


def test_only_whistles_and_cases_one_may_see_are_linked(world: World) -> None:
    matter = register_and_assign(world)
    blow(world, matter)
    whistle = Linked.objects.get(proposal=matter.pk).about
    with pytest.raises(Invalid):
        perform(actor=lead(world), matter=matter, action="link", data={"numbers": whistle.number})
    for _twice in range(2):
        perform(actor=clerk(world), matter=matter, action="link", data={"numbers": f"{whistle.number}，"})
    assert Linked.objects.filter(proposal=matter.pk).count() == 1
    said = TrailPayload.objects.filter(matter_id=matter.pk).values_list("payload", flat=True)
    assert {"numbers": whistle.number} in list(said), "the trail names it as people do"
    with pytest.raises(Invalid):
        perform(actor=clerk(world), matter=matter, action="link", data={"numbers": matter.number})


def test_the_same_number_is_registered_once_however_it_is_written(world: World) -> None:
    first = register(world)
    with pytest.raises(Invalid) as refused:
        register(world, serial="第77号")
    assert first.number in refused.value.errors["serial"][0]
    register(world, serial="78")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"received_on": "2026-11-25"}, "received_on"), ({"phone": "一二三"}, "phone"), ({"subject": ""}, "subject"),
     ({"kind": "letter"}, "kind")],
)  # fmt: skip
def test_a_registration_that_does_not_hold_says_where(world: World, changes: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        register(world, **changes)
    assert set(refused.value.errors) == {field}


def test_a_unit_is_not_named_twice(world: World) -> None:
    matter = register(world)
    twice = {"lead": world.unit("civil").pk, "assistants": [world.unit("civil").pk]}
    with pytest.raises(Invalid):
        perform(actor=clerk(world), matter=matter, action="assign", data=twice)
    matter = assign(world, matter, "health")
    for code in ("civil", "health"):
        with pytest.raises(Invalid):
            perform(actor=clerk(world), matter=matter, action="add_unit", data={"unit": world.unit(code).pk})
    perform(actor=clerk(world), matter=matter, action="add_unit", data={"unit": world.unit("police").pk})
    assert len(opinions(matter)) == 2


def test_a_reply_waits_for_a_draft_for_the_opinions_and_for_a_talk(world: World) -> None:
    matter = assign(world, register(world), "health")

    def refused() -> str:
        with pytest.raises(NotNow) as error:
            perform(actor=lead(world), matter=again(matter), action="sign", data={"signed_by": "副市长"})
        return str(error.value)

    assert "没有答复稿" in refused()
    perform(actor=lead(world), matter=matter, action="draft", data=REPLY)
    assert "会办意见" in refused()
    perform(actor=clerk(world), matter=opinions(matter)[0], action="recall", data={})
    assert "沟通" in refused()


def test_who_sends_a_reply_for_signature_does_not_sign_it(world: World) -> None:
    matter = ready(world, register_and_assign(world))
    asked = perform(actor=lead(world), matter=matter, action="sign", data={"signed_by": "副市长"}).approval
    assert asked is not None
    with pytest.raises(NotHere):
        perform(actor=lead(world), matter=asked, action="endorse", data={})
    perform(actor=world.actor("department_head", unit="civil"), matter=asked, action="endorse", data={})
    with pytest.raises(NotHere):
        perform(actor=world.actor("department_head", unit="civil"), matter=asked, action="approve", data={})


def test_a_reply_kept_from_the_public_says_why_and_is_never_published(world: World) -> None:
    matter = register_and_assign(world)
    with pytest.raises(Invalid):
        ready(world, matter, public="")
    matter = sign(world, ready(world, matter, public="", not_public_because="涉及内部安排"))
    with pytest.raises(NotNow):
        perform(actor=world.actor("publisher"), matter=matter, action="publish", data={"seen": "on"})
    assert not selectors.published().exists()


def test_an_unsatisfied_proposer_has_it_handled_again_once(world: World) -> None:
    matter = replied(world)
    perform(actor=world.actor("publisher"), matter=matter, action="publish", data={"seen": "on"})
    me = resident_actor(matter.reporter)
    perform(actor=me, matter=matter, action="redo", data={"reason": "没有说几时完成"})
    matter = again(matter)
    assert matter.stage == "handling"
    assert not selectors.published().exists(), "a reply that is written anew is not up meanwhile"
    with pytest.raises(NotNow):
        perform(actor=lead(world), matter=matter, action="sign", data={"signed_by": "副市长"})
    matter = sign(world, ready(world, matter))
    with pytest.raises(NotNow):
        perform(actor=me, matter=matter, action="redo", data={"reason": "还是不行"})
    perform(actor=me, matter=matter, action="rate", data={"grade": "poor", "note": ""})
    assert again(matter).proposal.grade == "poor"


def test_ninety_days_on_the_reply_is_late_and_a_month_after_it_nobodys_word_is_no_praise(
    world: World, now: clock.Travel
) -> None:
    late = assign(world, register(world))
    now.to(now.moment + timedelta(days=91))
    sweeping.sweep()
    assert again(late).overdue
    matter = sign(world, ready(world, late))
    now.to(now.moment + timedelta(days=31))
    sweeping.sweep()
    assert again(matter).stage == "done"
    figures = selectors.figures()
    assert (figures.registered, figures.replied, figures.late) == (1, 1, 1)
    assert figures.by_grade == {"good": 0, "fair": 0, "poor": 0, "none": 1}


def test_more_time_is_given_once_by_the_leader(world: World, now: clock.Travel) -> None:
    matter = register_and_assign(world)
    later = (now.moment + timedelta(days=120)).strftime("%Y-%m-%dT%H:%M")
    data = {"due": later, "reason": "需上级批复"}
    asked = perform(actor=lead(world), matter=matter, action="extend", data=data).approval
    perform(actor=world.actor("district_leader"), matter=asked, action="approve", data={})
    assert again(matter).due_at is not None
    with pytest.raises(NotNow):
        perform(actor=lead(world), matter=matter, action="extend", data=data)


def test_a_paper_that_is_not_ours_goes_back_and_out_again(world: World) -> None:
    matter = assign(world, register(world), "health")
    perform(actor=lead(world), matter=matter, action="give_back", data={"reason": "属住建局职责"})
    assert again(matter).stage == "received"
    assign(world, again(matter), "health")
    assert len(opinions(matter)) == 1, "nobody is asked twice for the same opinion"
