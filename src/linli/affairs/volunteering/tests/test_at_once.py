"""Forty people claim the last place at once: one has it, the others are told, nobody is counted twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from tests.support import world as small
from tests.support.world import World

from linli.affairs.volunteering.models import Activity, Signup
from linli.affairs.volunteering.tests.conftest import Club
from linli.kernel.errors import UserError
from linli.kernel.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, WORKERS = 40, 8


def at_once(club: Club, activity: Activity, people: list[Person], *, wait: bool = False) -> Counter[str]:
    """Let everybody sign up at once; return how it ended for how many."""

    def claim(person: Person) -> str:
        try:
            return str(club.sign_up(activity, person, wait=wait).matter.stage)
        except UserError as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        return Counter(pool.map(claim, people))


def test_forty_people_claim_the_last_place_and_one_has_it(make_club: Callable[[World], Club]) -> None:
    club = make_club(small.build())
    activity = club.publish(capacity=3)
    people = [club.person(member=False) for _ in range(PEOPLE + 2)]
    for person in people[:2]:
        club.sign_up(activity, person)
    assert at_once(club, activity, people[2:]) == {"signed": 1, "full": PEOPLE - 1}
    assert club.fresh(activity).taken == 3
    assert Signup.objects.filter(activity=activity, holds_place=True).count() == 3


def test_who_waits_moves_up_once_whoever_withdraws_at_the_same_time(make_club: Callable[[World], Club]) -> None:
    club = make_club(small.build())
    activity = club.publish(capacity=5)
    people = [club.person(member=False) for _ in range(12)]
    assert at_once(club, activity, people, wait=True) == {"signed": 5, "waiting": 7}
    leaving = list(Signup.objects.filter(activity=activity, holds_place=True).select_related("matter", "person"))

    def leave(signup: Signup) -> None:
        try:
            club.do(signup, "withdraw")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(leave, leaving))
    stages = Counter(Signup.objects.filter(activity=activity).values_list("matter__stage", flat=True))
    assert stages == {"withdrawn": 5, "signed": 5, "waiting": 2}
    assert club.fresh(activity).taken == 5
