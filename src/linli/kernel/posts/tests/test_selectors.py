"""Which posts cover a place, and which post a session has chosen."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.kernel import areas, clock
from linli.kernel.errors import NotHere
from linli.kernel.posts import actors, selectors, services, session
from linli.kernel.posts.tests import makers

SYSTEM = actors.system_actor()


@pytest.fixture
def places(db):
    return makers.district()


def request(person=None):
    user = SimpleNamespace(is_authenticated=person is not None, person_id=person and person.pk)
    return SimpleNamespace(session=SessionStore(), user=user)


def test_the_nearest_area_with_such_a_post_answers(places):
    office = makers.unit(places["street"])
    street = makers.post(office, places["street"])
    grid = makers.post(office, places["grid"], kind="grid_worker", title="第三网格员")
    assert selectors.covering("530102001005003", {"dispatcher"}) == [street]
    assert selectors.covering(places["grid"].pk, {"dispatcher"}) == [street]
    assert selectors.covering("530102001005003") == [grid]
    assert selectors.covering("530102002", {"dispatcher"}) == []
    with pytest.raises(NotHere):
        selectors.covering(office.pk)


def test_coverage_of_the_past_stays_answerable(places):
    office = makers.unit(places["street"])
    post = makers.post(office, places["street"])
    yesterday = clock.now() - timedelta(days=1)
    services.cover(actor=SYSTEM, post=post, areas=[places["grid"]])
    assert selectors.covering("530102001") == []
    assert selectors.covering("530102001005003") == [post]
    assert selectors.covering("530102001", at=yesterday) == [post]


def test_posts_over_areas_have_them_as_their_own_or_as_their_units(places):
    office = makers.unit(places["street"])
    street = makers.post(office, title="街道调度岗")
    grid = makers.post(office, places["grid"], kind="grid_worker", title="第三网格员")
    earlier = makers.post(office, places["grid"], title="从前管网格的岗")
    services.cover(actor=SYSTEM, post=earlier, areas=[places["community"]])
    assert list(selectors.over([places["street"].pk])) == [street]
    assert set(selectors.over([places["street"].pk, places["grid"].pk])) == {street, grid}
    assert list(selectors.over([places["street"].pk, places["grid"].pk], {"grid_worker"})) == [grid]
    assert list(selectors.over([places["grid"].pk])) == [grid]


def test_covering_costs_three_statements_however_many_posts(places):
    office = makers.unit(places["street"])
    for number in range(4):
        makers.post(office, places["street"], title=f"调度{number}岗")
    with CaptureQueriesContext(connection) as statements:
        assert selectors.covering("530102001005003")
    assert len(statements) == 3


def test_a_post_of_several_areas_answers_by_the_nearest_of_them(places):
    office = makers.unit(places["street"])
    both = makers.post(office, places["street"], places["grid"], title="甲岗")
    grid = makers.post(office, places["grid"], title="乙岗")
    street = makers.post(office, places["street"], title="丙岗")
    assert set(selectors.covering("530102001005003")) == {both, grid}
    assert set(selectors.covering("530102001005")) == {both, street}


def test_a_post_without_areas_of_its_own_is_found_by_its_units_area(places):
    street = makers.post(makers.unit(places["street"]))
    assert selectors.covering("530102001005003", {"dispatcher"}) == [street]
    nearer = makers.post(makers.unit(places["community"], "青云社区", "community", "qy"))
    assert selectors.covering("530102001005003", {"dispatcher"}) == [nearer]
    services.cover(actor=SYSTEM, post=nearer, areas=[places["district"]])
    assert selectors.covering("530102001005003", {"dispatcher"}) == [street]


def test_a_grid_has_a_worker_with_a_number_even_on_leave(places):
    post = makers.post(makers.unit(places["community"]), places["grid"], kind="grid_worker", title="网格员")
    post.phone = "13800000000"
    post.save()
    zhang, li = makers.person(), makers.person("李四")
    services.appoint(actor=SYSTEM, person=zhang, post=post)
    services.appoint(actor=SYSTEM, person=li, post=post, part="B")
    found = selectors.grid_worker_of("530102001005003")
    assert (found.person, found.part, found.phone) == (zhang, "A", "13800000000")
    now = clock.now()
    services.take_leave(actor=SYSTEM, person=zhang, starts_at=now, ends_at=now + timedelta(days=1))
    assert selectors.grid_worker_of(places["grid"].pk).person == li
    assert selectors.grid_worker_of("530102001") is None


def test_a_person_with_several_posts_chooses_one_for_the_session(places):
    office = makers.unit(places["street"])
    first, second = makers.post(office), makers.post(office, places["grid"], title="第二岗")
    zhang = makers.person()
    for post in (first, second):
        makers.hold(zhang, post)
    page = request(zhang)
    assert session.choices(page) == [first, second]
    assert session.choose(page, second).post == second
    again = SimpleNamespace(session=page.session, user=page.user)
    with CaptureQueriesContext(connection) as statements:
        assert session.actor(again).post == second
        assert session.actor(again).post == second
    assert len(statements) == 1
    with pytest.raises(NotHere):
        session.choose(page, makers.post(office, title="别人的岗"))


def test_before_any_choice_the_first_post_acts_in_two_statements(places):
    post = makers.post(makers.unit(places["street"]))
    zhang = makers.person()
    makers.hold(zhang, post)
    areas.tree()  # a process keeps it
    page = request(zhang)
    with CaptureQueriesContext(connection) as statements:
        assert session.actor(page).post == post
    assert len(statements) <= 3


def test_a_post_that_was_left_falls_back_to_being_a_resident(places):
    post = makers.post(makers.unit(places["street"]))
    zhang = makers.person()
    holding = makers.hold(zhang, post)
    page = request(zhang)
    assert session.actor(page).is_post
    services.leave_post(actor=SYSTEM, holding=holding)
    later = SimpleNamespace(session=page.session, user=page.user)
    actor = session.actor(later)
    assert (actor.kind, actor.person) == ("resident", zhang)


def test_a_resident_is_known_by_the_session_and_a_stranger_is_anonymous(places):
    assert session.actor(request()).person is None
    page = request()
    zhang = makers.person()
    session.enter_as_person(page, zhang)
    assert session.actor(page).person == zhang
    assert not session.actor(page).is_post
