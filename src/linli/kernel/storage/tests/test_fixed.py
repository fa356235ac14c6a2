"""Queries whose SQL is made once answer as the ORM does."""

from __future__ import annotations

import threading
import uuid
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.support.world import World

from linli.kernel import clock, posts
from linli.kernel.posts.models import Holding, Post
from linli.kernel.storage.fixed import Fixed


def test_rows_come_with_related_objects_and_follow_the_values(world: World) -> None:
    query = Fixed(lambda post: Holding.objects.filter(post=post).select_related("post__unit"), post=uuid.UUID)
    for kind in ("street_dispatcher", "community_secretary", "street_dispatcher"):
        post = world.actor(kind).post
        assert post is not None
        with CaptureQueriesContext(connection) as captured:
            rows = query(post=post.pk)
            titles = {(row.post_id, row.post.unit.name) for row in rows}
        assert len(captured) == 1
        expected = Holding.objects.filter(post=post)
        assert titles == {(row.post_id, row.post.unit.name) for row in expected}


def test_days_moments_and_keys_are_told_apart(world: World) -> None:
    post = world.actor("street_dispatcher").post
    assert post is not None

    def build(post: uuid.UUID, moment: datetime, day: date) -> object:
        return Holding.objects.filter(post=post, valid_from__lte=moment).exclude(valid_from__date__gt=day)

    query = Fixed(build, post=uuid.UUID, moment=datetime, day=date)  # type: ignore[arg-type]  # a test's query
    now = clock.now()
    assert len(query(post=post.pk, moment=now, day=clock.today())) == Holding.objects.filter(post=post).count()
    assert query(post=post.pk, moment=now - timedelta(days=9999), day=clock.today()) == []


def test_a_value_that_never_reaches_the_sql_is_a_mistake(world: World) -> None:
    with pytest.raises(ValueError, match="person"):
        Fixed(lambda post, person: Post.objects.filter(pk=post), post=uuid.UUID, person=uuid.UUID)(
            post=uuid.uuid4(),  # noqa: TID251 - any key
            person=uuid.uuid4(),  # noqa: TID251 - any key
        )


@pytest.mark.django_db(transaction=True)
def test_threads_do_not_see_one_anothers_values(world: World) -> None:
    kinds = ("street_dispatcher", "community_secretary", "centre_dispatcher", "grid_worker")
    seats = [world.actor(kind) for kind in kinds]
    wrong: list[str] = []

    def ask(number: int) -> None:
        try:
            for turn in range(40):
                seat = seats[(number + turn) % len(seats)]
                assert seat.person is not None
                assert seat.post is not None
                found = posts.actor_for(seat.person, seat.post)
                if found.post_id != seat.post_id or found.area_codes != seat.area_codes:
                    wrong.append(f"{seat.post_id} {found.post_id}")
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_list_of_any_length_is_one_value(world: World) -> None:
    seats = [world.actor(kind).post for kind in ("street_dispatcher", "community_secretary", "grid_worker")]
    keys = [post.pk for post in seats if post is not None]
    kinds = [post.kind for post in seats if post is not None]
    query = Fixed(
        lambda posts, kinds: Post.objects.filter(pk__any_of=posts, kind__any_of=kinds).order_by("pk"),
        posts=list[uuid.UUID],
        kinds=list[str],
    )
    for many in (3, 1, 0, 2):
        assert {row.pk for row in query(posts=keys[:many], kinds=kinds)} == set(keys[:many])
    assert [row.pk for row in query(posts=keys, kinds=kinds[:1])] == keys[:1]
    assert query(posts=keys, kinds=[]) == []
