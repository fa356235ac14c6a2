"""A long list is counted up to a bound and says that it goes on."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from tests.support.world import World

from linli.kernel.posts.models import Post
from linli.surfaces.parts.paging import LongPaginator
from linli.surfaces.parts.tables import pages_for

KINDS = ("grid_worker", "community_secretary", "street_dispatcher", "centre_dispatcher", "auditor")


@pytest.mark.parametrize(("bound", "count", "more"), [(4, 4, True), (5, 5, False), (10_000, 5, False)])
def test_rows_beyond_the_bound_are_told_and_not_counted(world: World, bound: int, count: int, more: bool) -> None:
    people = {world.actor(kind).post_id for kind in KINDS}
    posts = Post.objects.filter(pk__in=people).order_by("pk")
    paginator = LongPaginator(posts, 3, bound=bound)
    with CaptureQueriesContext(connection) as asked:
        assert paginator.count == count
    assert f"LIMIT {bound + 1}" in asked[0]["sql"]
    assert paginator.more is more
    last = paginator.get_page(paginator.num_pages)
    assert not last.has_next()
    assert len(last.object_list) == count - 3
    pages = pages_for(RequestFactory().get("/"), last)
    assert (pages.rows, pages.more) == (count, more)


def test_a_page_is_found_by_key_and_joined_for_its_rows_alone(world: World) -> None:
    people = {world.actor(kind).post_id for kind in KINDS}
    found = Post.objects.filter(pk__in=people).select_related("unit").order_by("title", "pk")
    page = LongPaginator(found, 2).page(2)
    with CaptureQueriesContext(connection) as asked:
        rows = list(page.object_list)
        assert all(row.unit.name for row in rows)
    assert rows == list(found[2:4])
    (statement,) = (one["sql"] for one in asked)
    within = statement[statement.index("IN (SELECT") :]
    assert "LIMIT 2 OFFSET 2" in within
    assert "posts_unit" not in within, "the joins stand outside of what is looked through"
