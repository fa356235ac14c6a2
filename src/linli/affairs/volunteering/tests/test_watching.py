"""What looks odd is shown to a person; a flag takes nothing from anybody by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from tests.support.lively import photo

from linli.affairs.cases.services import draws
from linli.affairs.honor.tests.test_pages import desk_of, said
from linli.affairs.volunteering.models import Flag
from linli.affairs.volunteering.policy import VolunteeringRules
from linli.affairs.volunteering.services import watching
from linli.affairs.volunteering.tests.conftest import HERE, Club, off
from linli.kernel import clock, evidence, ids, policy
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.evidence.models import Attachment
from linli.kernel.posts.actors import resident_actor

pytestmark = pytest.mark.django_db


def whys(row: Any) -> set[str]:
    return set(Flag.objects.filter(signup=row.pk).exclude(why=Flag.Why.DRAWN).values_list("why", flat=True))


def test_a_check_in_somewhat_away_and_one_without_a_place_are_shown(club: Club) -> None:
    activity = club.publish()
    near, away, nowhere = (club.sign_up(activity, club.person()) for _ in range(3))
    club.check(near, "in", at=off(50))
    club.check(away, "in", at=off(800))
    club.check(nowhere, "in", at=None)
    assert (whys(near), whys(away), whys(nowhere)) == (set(), {"far"}, {"no_place"})
    assert club.stage(away) == "present"


def test_two_check_ins_farther_apart_than_anybody_travels_are_shown(club: Club) -> None:
    person = club.person()
    there = off(60_000)
    first = club.sign_up(club.publish(), person)
    club.check(first, "in")
    second = club.sign_up(club.publish(lon=there[0], lat=there[1]), person)
    with clock.using(clock.now() + timedelta(minutes=20)):
        club.check(second, "in", at=there)
    assert (whys(first), whys(second)) == (set(), {"fast"})


def test_a_photo_that_proved_something_before_is_shown(club: Club) -> None:
    first, again = club.done(), club.sign_up(club.publish("clean_task"), club.person())
    club.do(again, "prove", photos=[photo()], lon=HERE[0], lat=HERE[1])
    assert whys(again) == set()
    third = club.sign_up(club.publish("clean_task"), club.person())
    used = photo()
    # The same bytes once more: what the first one proved itself with.
    Attachment.objects.filter(pk=used).update(sha256=evidence.of(first.pk)[0].sha256)
    club.do(third, "prove", photos=[used], lon=HERE[0], lat=HERE[1])
    assert whys(third) == {"photo"}


def test_the_same_two_in_one_minute_and_a_post_that_never_says_no_are_shown(club: Club) -> None:
    person = club.person()
    one, two = club.done(person), club.done(person)
    worker = club.worker()
    club.do(one, "confirm", worker)
    club.do(two, "confirm", worker)
    assert (whys(one), whys(two)) == (set(), {"minute"})
    assert club.points(person) == 10


def test_a_post_that_confirms_forty_times_without_a_no_is_shown_and_one_no_ends_it(club: Club) -> None:
    rules = {"always": 3}
    worker = club.worker()
    signups = [club.done() for _ in range(5)]
    whole = policy.get(VolunteeringRules)
    few = whole.model_copy(update={"watch": whole.watch.model_copy(update=rules)})
    for signup in signups[:3]:
        club.do(signup, "confirm", worker)
    row = club.fresh(signups[2])

    class Seen:
        at = clock.now()
        actor = worker
        detail = row

    assert watching._never_says_no(Seen, few)  # type: ignore[arg-type] # what it reads of a transition
    club.do(signups[3], "refuse", worker, reason="照片不清楚")
    assert not watching._never_says_no(Seen, few)  # type: ignore[arg-type] # as above


def test_a_flag_is_judged_by_somebody_else_and_takes_nothing(club: Club) -> None:
    person = club.person()
    activity = club.publish()
    signup = club.sign_up(activity, person)
    club.check(signup, "in", at=off(800))
    with clock.using(clock.now() + timedelta(hours=1)):
        club.check(signup, "out", at=off(800))
    club.do(signup, "confirm", club.worker())
    assert club.points(person) == 5
    flag = Flag.objects.get(signup=signup, why="far")
    for nobody in (club.worker(), resident_actor(person)):
        with pytest.raises(NotHere):
            watching.judge(actor=nobody, flag=flag, wrong=False)
    clerk = club.street()
    desk = desk_of(clerk)
    assert "签到位置离活动地点较远" in said(desk.get(reverse("volunteering:flags")))
    url = reverse("volunteering:judge", args=[flag.pk])
    assert "请写明看到了什么" in said(desk.post(url, {"verdict": "wrong", "note": ""}, follow=True))
    done = desk.post(url, {"verdict": "wrong", "note": "同一天在别处上班"}, follow=True)
    assert "要不要撤销这次服务，由您在下面决定" in said(done)
    assert club.points(person) == 5
    with pytest.raises(NotNow, match="已经有人看过"):
        watching.judge(actor=clerk, flag=flag, wrong=False)
    club.do(signup, "strike", clerk, reason="同一天在别处上班，核实过")
    assert club.points(person) == 0


def test_who_handled_a_service_does_not_judge_its_flag(club: Club) -> None:
    signup = club.done()
    club.do(signup, "confirm", club.worker())
    club.do(signup, "appeal", reason="少了")
    club.do(signup, "correct", club.street(), minutes=60, reason="照旧")
    watching.raise_flag(signup, signup.matter, Flag.Why.FAR)
    flag = Flag.objects.get(signup=signup, why="far")
    with pytest.raises(UserError, match="您办过这一件"):
        watching.judge(actor=club.street(), flag=flag, wrong=False)


def test_about_a_tenth_is_looked_at_again_by_a_draw_that_anybody_can_repeat(club: Club) -> None:
    share = policy.get(VolunteeringRules).watch.again
    drawn = sum(draws.falls(ids.named("test", n), share, "volunteering") for n in range(2000))
    assert 140 < drawn < 260
    signup = club.done()
    club.do(signup, "confirm", club.worker())
    flagged = Flag.objects.filter(signup=signup, why=Flag.Why.DRAWN).exists()
    assert flagged == draws.falls(signup.pk, share, "volunteering")
