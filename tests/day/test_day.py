"""The day is what the issue says, and a few minutes of it pass on a small district with nobody refused."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from linli.kernel import jobs
from linli.kernel.matters.models import Matter
from linli.kernel.posts import services as posts
from linli.kernel.posts.actors import system_actor
from tests.day import plan
from tests.day.drive import live
from tests.day.people import Cast
from tests.support.world import COMMUNITY, World


def test_a_day_has_the_sizes_of_the_district() -> None:
    day = plan.a_day()
    kinds = Counter(moment.kind for moment in day)
    assert kinds["member settles"] + kinds["member reports"] + kinds["resident reports"] == plan.CASES
    assert kinds["member settles"] > plan.CASES / 2, "most of them on the spot"
    assert kinds["street blows"] == 40
    assert kinds["resident reports"] + kinds["resident looks"] == plan.RESIDENTS
    sent = [moment for moment in day if moment.kind.startswith("member")]
    assert sum(moment.photo for moment in sent) == pytest.approx(len(sent) / 10, abs=2)
    assert day == sorted(day)
    assert day == plan.a_day(), "the same seed makes the same day"
    assert len(plan.a_day(share=0.01)) == pytest.approx(len(day) / 100, rel=0.05)
    assert all(8 * 3600 <= moment.at < 9 * 3600 for moment in plan.between(day, 8, 9))


@pytest.mark.django_db(transaction=True)
def test_some_minutes_of_a_day_are_lived_over_http(world: World, live_server: Any) -> None:
    cast = Cast(live_server.url, {}, [str(world.unit("water").pk)])
    world.actor("department_handler", unit="water")
    for kind in ("grid_worker", "community_secretary", "street_dispatcher"):
        post = world.actor(kind).post
        assert post is not None
        issued = posts.issue_token(actor=system_actor(), post=post, name="day", valid=timedelta(days=1))
        cast.tokens[kind] = [{"token": issued.token, "area": COMMUNITY}]
    moments = [
        plan.Moment(number * 6.0, kind, number, photo)
        for number, (kind, photo) in enumerate(
            [("member settles", False), ("member settles", True), ("member reports", True), ("resident reports", False),
             ("resident looks", False), ("desk works", False), ("desk works", False), ("desk reads", False),
             ("street blows", False), ("resident looks", False)]
        )
    ]  # fmt: skip
    lived = live(moments, cast, factor=60.0, hands=2, screens=0)
    assert dict(lived.refused) == {}
    assert lived.acts == len(moments)
    assert 0 < lived.factor(60.0) <= 60.0
    middle, high = lived.quantiles("member settles")
    assert 0 < middle <= high
    jobs.run_periodic("outreach.sms", "tallies.fold")
    kinds = Counter(Matter.objects.values_list("kind", flat=True))
    assert (kinds["spot"], kinds["case"], kinds["whistle"]) == (2, 2, 1)


@pytest.mark.parametrize(
    ("seconds", "held"), [(1440.0, 60.0), (720.0, 60.0), (2880.0, 30.0)], ids=["in time", "early", "twice as long"]
)
def test_the_factor_held_is_what_was_asked_or_less(seconds: float, held: float) -> None:
    from tests.day.drive import Lived

    assert Lived(planned=1440.0, seconds=seconds).factor(60.0) == pytest.approx(held)
