"""What bad input gets: a clear message, the trail whole, no whistle stuck and none closed early."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.world import World

from linli.affairs.objections import registers
from linli.affairs.whistles.tests.support import again, answer, blow, come, dispatch, handler, reply, shares, verify
from linli.kernel import clock
from linli.kernel.errors import NotHere, NotNow, Stale
from linli.kernel.matters import perform, selectors, trail
from linli.kernel.matters.models import Matter, TrailEntry, TrailPayload
from linli.kernel.posts import services as posts
from linli.kernel.posts.actors import link_actor, system_actor
from linli.kernel.posts.models import Unit
from linli.surfaces.desk.views.links import PURPOSE


def faults(matter: Matter) -> list[Any]:
    """Return what is wrong with the matter's trail, from its first entry to its head."""
    fresh = Matter.objects.get(pk=matter.pk)
    entries = list(TrailEntry.objects.filter(matter_id=matter.pk).order_by("seq"))
    kept = {p.entry_id: p for p in TrailPayload.objects.filter(matter_id=matter.pk)}
    return list(trail.verify(entries, kept, bytes(fresh.trail_head)))


def test_a_unit_that_is_renamed_goes_on_under_its_new_name(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    posts.rename_unit(actor=system_actor(), unit=share.held_unit, name="排水集团", short_name="排水")
    answer(world, share)
    assert again(matter).stage == "fed_back"
    page = Client()
    page.force_login(_account(world), backend="django.contrib.auth.backends.ModelBackend")
    assert "排水集团" in page.get(reverse("desk:matter", args=[share.number])).content.decode()
    assert faults(share) == []


def _account(world: World) -> Any:
    from linli.kernel.people.models import Account

    return Account.objects.create_user("centre", "x", person=world.actor("centre_dispatcher").person)


def test_a_unit_that_is_merged_leaves_its_share_to_its_successor_and_the_whistle_ends(world: World, now: Any) -> None:
    matter = blow(world)
    lead, assist = dispatch(world, matter, "water", ("urban",))
    come(world, lead)
    due = lead.clocks.get(clock="close").due_at
    heir = world.unit("housing")
    posts.merge_unit(actor=system_actor(), unit=lead.held_unit, into=heir)
    fresh = again(lead)
    assert (fresh.held_unit, fresh.report_in.unit, again(matter).whistle.lead_unit) == (heir, heir, heir)
    assert fresh.clocks.get(clock="close").due_at == due, "its clocks run on"
    assert lead in selectors.inbox(world.actor("department_handler", unit="housing"))
    perform(actor=world.actor("department_handler", unit="housing"), matter=lead, action="reply", data=reply())
    assert again(matter).stage == "handling", "the other unit has not answered"
    answer(world, assist)
    verify(world, matter)
    assert again(matter).stage == "verified"
    assert faults(lead) == []
    assert faults(matter) == []
    assert TrailEntry.objects.filter(matter_id=lead.pk, action="unit_merged").count() == 1


def test_what_was_competent_is_the_successors_from_the_day_of_the_merger(world: World, now: Any) -> None:
    water, heir = world.unit("water"), world.unit("housing")
    registers.put_item(
        actor=world.actor("policy_officer"), code="D-9", kind="department", title="供水监管", basis="条例",
        valid_from=clock.today() - timedelta(days=30), unit=water, category="E0102",
    )  # fmt: skip
    posts.merge_unit(actor=system_actor(), unit=water, into=heir)
    assert registers.in_force(clock.today()).get(code="D-9").unit == heir
    assert registers.in_force(clock.today() - timedelta(days=1)).get(code="D-9").unit == water


def test_a_unit_that_has_ceased_is_neither_called_nor_merged_again(world: World, now: Any) -> None:
    water, heir = world.unit("water"), world.unit("housing")
    posts.merge_unit(actor=system_actor(), unit=water, into=heir)
    with pytest.raises(NotNow, match="已停用"):
        posts.merge_unit(actor=system_actor(), unit=water, into=heir)
    with pytest.raises(NotNow, match="自己"):
        posts.merge_unit(actor=system_actor(), unit=heir, into=heir)
    assert not Unit.objects.get(pk=water.pk).active


def test_a_one_time_link_that_was_used_up_is_refused_and_says_whom_to_ask(world: World, now: Any) -> None:
    (share,) = dispatch(world, blow(world), "gas_co")
    issued = posts.issue_link(
        actor=world.actor("centre_dispatcher"), unit=share.held_unit, subject_id=share.pk, purpose=PURPOSE
    )
    bearer = link_actor(issued.token)
    perform(actor=bearer, matter=share, action="sign")
    assert posts.use_link(token=issued.token, subject_id=share.pk, purpose=PURPOSE).used_at is not None
    with pytest.raises(NotHere, match="已使用"):
        posts.use_link(token=issued.token, subject_id=share.pk, purpose=PURPOSE)
    assert Client().get(reverse("link", args=[issued.token])).status_code == 404
    assert again(share).stage == "signed", "what was done by it stands"
    assert faults(share) == []


def test_a_verifier_who_handled_is_refused_whichever_post_they_act_through(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    answer(world, share)
    inspector = world.actor("street_inspector")
    Matter.objects.filter(pk=matter.pk).update(handler_ids=[inspector.person_id])
    with pytest.raises(NotHere):
        verify(world, matter)
    assert again(matter).stage == "fed_back", "it waits for somebody who did not handle"
    other = world.actor("street_inspector", who="2")
    perform(actor=other, matter=matter, action="verify", data={"way": "on_site"})
    assert again(matter).stage == "verified"


def test_an_extension_asked_after_the_limit_is_refused_and_the_unit_may_still_answer(world: World, now: Any) -> None:
    matter = blow(world)
    (share,) = dispatch(world, matter)
    come(world, share)
    due = share.clocks.get(clock="close").due_at
    now.to(due + timedelta(minutes=5))
    asked = {"reason": "joint", "due": (due + timedelta(days=3)).isoformat()}
    with pytest.raises(NotNow, match="时限已过"):
        perform(actor=handler(world, share), matter=share, action="extend", data=asked)
    perform(actor=handler(world, share), matter=share, action="reply", data=reply())
    assert again(matter).stage == "fed_back"


def test_two_people_of_one_unit_at_the_same_share_the_second_is_told_that_it_was_done(world: World, now: Any) -> None:
    (share,) = dispatch(world, blow(world))
    seen = share.version
    perform(actor=handler(world, share), matter=share, action="sign", version=seen)
    with pytest.raises((Stale, NotNow)):
        perform(actor=handler(world, share, who="2"), matter=share, action="sign", version=seen)
    assert len(shares(Matter.objects.get(pk=share.parent_id))) == 1
