"""Who acts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.kernel import areas, clock
from linli.kernel.errors import NotHere
from linli.kernel.posts import actors
from linli.kernel.posts.models import DutyShift, Leave
from linli.kernel.posts.tests import makers

pytestmark = pytest.mark.django_db


def away(who, days=3):
    return Leave.objects.create(
        person=who, starts_at=clock.now() - timedelta(hours=1), ends_at=clock.now() + timedelta(days=days)
    )


def test_the_a_holder_acts_through_the_post_over_its_areas():
    places = makers.district()
    office = makers.unit(places["street"])
    desk = makers.post(office, places["street"], places["grid"])
    zhang = makers.person()
    makers.hold(zhang, desk)
    actor = actors.actor_for(zhang, desk)
    assert (actor.kind, actor.part, actor.post_id, actor.unit_id) == ("post", "A", desk.id, office.id)
    assert actor.area_ids == {places["street"].id, places["grid"].id}
    assert actor.area_codes == ("530102001",)
    assert actor.covers("530102001005003")
    assert not actor.covers("530102")


def test_an_actor_costs_one_statement_and_never_more_than_two():
    places = makers.district()
    desk = makers.post(makers.unit(places["street"]), places["street"])
    zhang, li = makers.person(), makers.person("李四")
    makers.hold(zhang, desk)
    now = clock.now()
    DutyShift.objects.create(
        unit=desk.unit,
        post=desk,
        person=li,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=7),
    )
    areas.tree()  # a process keeps it
    with CaptureQueriesContext(
        connection,
    ) as once:
        actor = actors.actor_for(zhang.id, desk.id)
        assert actor.label == "华山街道办事处·调度岗"
    assert len(once) == 1
    with CaptureQueriesContext(connection) as twice:
        assert actors.actor_for(li.id, desk.id).part == "duty"
    assert len(twice) == 2


def test_a_post_without_areas_of_its_own_covers_its_units_area():
    places = makers.district()
    desk = makers.post(makers.unit(places["community"]))
    zhang = makers.person()
    makers.hold(zhang, desk)
    assert actors.actor_for(zhang, desk).area_codes == ("530102001005",)


def test_the_b_holder_acts_only_while_the_a_holder_is_away():
    places = makers.district()
    desk = makers.post(makers.unit(places["street"]))
    zhang, li = makers.person(), makers.person("李四")
    makers.hold(zhang, desk)
    makers.hold(li, desk, "B")
    with pytest.raises(actors.NotYours):
        actors.actor_for(li, desk)
    away(zhang)
    assert actors.actor_for(li, desk).part == "B"
    with pytest.raises(actors.NotYours, match="销假"):
        actors.actor_for(zhang, desk)


def test_an_a_holder_on_leave_keeps_the_post_when_nobody_else_is_there():
    places = makers.district()
    desk = makers.post(makers.unit(places["street"]))
    zhang = makers.person()
    makers.hold(zhang, desk)
    away(zhang)
    assert actors.actor_for(zhang, desk).part == "A"


def test_a_b_holder_acts_when_the_a_part_is_vacant():
    places = makers.district()
    desk = makers.post(makers.unit(places["street"]))
    li = makers.person("李四")
    makers.hold(li, desk, "B")
    assert actors.actor_for(li, desk).part == "B"


def test_somebody_with_no_part_in_a_post_does_not_learn_that_it_exists():
    places = makers.district()
    desk = makers.post(makers.unit(places["street"]))
    with pytest.raises(NotHere):
        actors.actor_for(makers.person(), desk)


def test_the_auditors_post_may_not_write():
    places = makers.district()
    desk = makers.post(makers.unit(places["district"]), kind="auditor", title="审计岗")
    zhang = makers.person()
    makers.hold(zhang, desk)
    assert not actors.actor_for(zhang, desk).may_write


def test_labels_name_unit_and_post_and_never_a_person():
    places = makers.district()
    desk = makers.post(makers.unit(places["street"]))
    li = makers.person("李四")
    makers.hold(li, desk, "B")
    assert actors.actor_for(li, desk).label == "华山街道办事处·调度岗（B岗）"
    assert actors.resident_actor(li).label == "居民"
    assert actors.system_actor().label == "系统"
    assert actors.system_actor() is actors.system_actor()
