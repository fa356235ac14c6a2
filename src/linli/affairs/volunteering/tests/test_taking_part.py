"""From publishing to hours and points, as the source has it: publish, claim, carry out, prove, earn (F101, F104)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.lively import photo
from tests.support.world import COMMUNITY, OTHER_STREET

from linli.affairs.honor.models import Earning
from linli.affairs.volunteering import hours, selectors
from linli.affairs.volunteering.models import Record, Signup
from linli.affairs.volunteering.policy import VolunteeringRules
from linli.affairs.volunteering.process import ACTIVITY, SIGNUP
from linli.affairs.volunteering.tests.conftest import HERE, Club, off
from linli.kernel import areas, clock, evidence, outreach, policy, privacy
from linli.kernel.areas import Level
from linli.kernel.errors import Invalid, NotHere, NotNow, UserError
from linli.kernel.matters import perform
from linli.kernel.matters import selectors as matters
from linli.kernel.matters.sweeping import sweep
from linli.kernel.posts.actors import resident_actor

pytestmark = pytest.mark.django_db


def test_an_hour_is_claimed_served_confirmed_by_another_and_earns(club: Club) -> None:
    person = club.person()
    signup = club.serve(club.publish(), person, hours=1.6)
    assert (signup.matter.stage, signup.claimed) == ("proven", 90)
    club.do(signup, "confirm", club.worker())
    signup = club.fresh(signup)
    assert (signup.matter.stage, signup.minutes, signup.points) == ("confirmed", 90, 7)
    assert club.points(person) == 7
    assert [row.points for row in Earning.objects.order_by("pk")] == [5, 2]
    record = Record.objects.get()
    assert (record.minutes, record.area_code, hours.in_words(record.minutes)) == (90, COMMUNITY, "1.5")
    assert selectors.minutes_of(person.pk) == 90


def test_a_points_task_is_proven_by_a_photo_and_a_place(club: Club) -> None:
    person = club.person()
    signup = club.done(person, minutes=60)
    assert signup.way == Signup.Way.PHOTO
    assert len(evidence.of(signup.pk)) == 1
    club.do(signup, "confirm", club.worker())
    assert club.points(person) == 5


def test_a_signed_sheet_is_entered_by_one_and_confirmed_by_another(club: Club) -> None:
    clerk, other, person = club.worker("1"), club.worker("2"), club.person()
    signup = club.sign_up(club.publish("activity"), person)
    club.do(signup, "sheet", clerk, minutes=120, photos=[photo()])
    with pytest.raises(NotHere):
        club.do(signup, "confirm", clerk)
    club.do(signup, "confirm", other)
    assert club.points(person) == 10
    # A party counts points but no hours of service.
    assert selectors.minutes_of(person.pk) == 0


def test_nobody_confirms_their_own_service_and_is_told_to_ask_another(club: Club) -> None:
    worker = club.worker()
    assert worker.person is not None
    signup = club.sign_up(club.publish(), worker.person)
    club.do(signup, "check_in", club.secretary())
    with pytest.raises(UserError, match="不能给自己签到"):
        club.do(signup, "check_out", worker)
    club.do(signup, "check_out", club.secretary())
    with pytest.raises(UserError, match="不能确认自己的服务，请另一位工作人员确认"):
        club.do(signup, "confirm", worker)
    assert club.stage(signup) == "proven"
    assert not Record.objects.exists()


def test_paid_duty_counts_hours_and_no_points(club: Club) -> None:
    worker = club.world.actor("grid_worker")
    assert worker.person is not None
    perform(actor=resident_actor(worker.person), matter=club.publish().matter, action="sign_up", data={"join": "on"})
    signup = club.fresh(Signup.objects.get())
    club.check(signup, "in")
    with clock.using(clock.now() + timedelta(hours=1)):
        club.check(signup, "out")
    club.do(signup, "confirm", club.secretary())
    signup = club.fresh(signup)
    assert (signup.minutes, signup.points) == (60, 0)
    assert "职责内" in signup.unpaid_because


def test_who_waits_moves_up_by_itself_when_somebody_withdraws(club: Club) -> None:
    activity = club.publish(capacity=1)
    first, second, third = (club.person() for _ in range(3))
    one = club.sign_up(activity, first)
    two, three = club.sign_up(activity, second, wait=True), club.sign_up(activity, third, wait=True)
    assert [club.stage(row) for row in (one, two, three)] == ["signed", "waiting", "waiting"]
    assert selectors.place_in_line(three) == 2
    club.do(one, "withdraw")
    assert [club.stage(row) for row in (one, two, three)] == ["withdrawn", "signed", "waiting"]
    assert club.fresh(activity).taken == 1
    assert "有名额了" in outreach.notices(person_id=second.pk, limit=5)[0].text.body
    # More places let the next one in; who left may come again, behind the others.
    perform(
        actor=club.secretary(), matter=activity.matter, action="change", data={"capacity": 2, "place": "三单元门口"}
    )
    assert club.stage(three) == "signed"
    assert club.fresh(activity).taken == 2
    assert club.stage(club.sign_up(activity, first, wait=True)) == "waiting"


def test_calling_off_tells_everybody_and_frees_them(club: Club) -> None:
    activity, person = club.publish(), club.person()
    signup = club.sign_up(activity, person)
    perform(actor=club.secretary(), matter=activity.matter, action="call_off", data={"reason": "下雨"})
    assert (club.stage(activity), club.stage(signup)) == ("called_off", "withdrawn")
    assert "取消了" in outreach.notices(person_id=person.pk, limit=5)[0].text.body


def test_an_activity_ends_by_itself_and_who_did_not_come_loses_nothing(club: Club) -> None:
    activity, person = club.publish(capacity=1), club.person()
    came, waiting = club.sign_up(activity, person), club.sign_up(activity, club.person(), wait=True)
    with clock.using(activity.ends_at + timedelta(minutes=1)):
        sweep()
        assert (club.stage(activity), club.stage(waiting), club.stage(came)) == ("over", "withdrawn", "signed")
    with clock.using(activity.ends_at + timedelta(days=5)):
        sweep()
    assert (club.stage(came), club.stage(activity)) == ("missed", "settled")
    assert not Record.objects.exists()


def test_what_is_confirmed_is_recorded_after_the_appeal_window(club: Club) -> None:
    signup = club.done()
    club.do(signup, "confirm", club.worker())
    with clock.using(clock.now() + timedelta(days=5)):
        sweep()
    assert club.stage(signup) == "recorded"


def test_an_appeal_goes_to_the_street_and_a_correction_is_a_line_of_its_own(club: Club) -> None:
    person = club.person()
    signup = club.serve(club.publish(), person, hours=2)
    worker = club.worker()
    with pytest.raises(Invalid, match="少计请写明理由"):
        club.do(signup, "confirm", worker, minutes=60)
    club.do(signup, "confirm", worker, minutes=60, note="中途离开一小时")
    assert club.points(person) == 5
    club.do(signup, "appeal", reason="我一直在，组织者可以证明")
    with pytest.raises(NotHere):
        club.do(signup, "correct", worker, minutes=120, reason="看过照片")
    club.do(signup, "correct", club.street(), minutes=120, reason="组织者证明在场")
    assert club.stage(signup) == "recorded"
    assert club.points(person) == 10
    assert [row.minutes for row in Record.objects.order_by("pk")] == [60, 60]
    assert selectors.minutes_of(person.pk) == 120


def test_a_refusal_can_be_appealed_and_ends_by_itself(club: Club) -> None:
    first, second = club.done(), club.done()
    for one in (first, second):
        club.do(one, "refuse", club.worker(), reason="照片看不出是这里")
    club.do(first, "appeal", reason="背景是三单元")
    club.do(first, "keep", club.street(), reason="照片确实不是本小区")
    with clock.using(clock.now() + timedelta(days=5)):
        sweep()
    assert (club.stage(first), club.stage(second)) == ("kept", "not_counted")
    assert not Record.objects.exists()


def test_a_striking_takes_back_hours_and_points_and_can_be_appealed(club: Club) -> None:
    person = club.person()
    signup = club.done(person)
    club.do(signup, "confirm", club.worker())
    club.do(signup, "strike", club.street(), reason="照片是上个月的")
    assert (club.stage(signup), club.points(person), selectors.minutes_of(person.pk)) == ("struck", 0, 0)
    club.do(signup, "appeal", reason="手机日期错了")
    club.do(signup, "correct", club.street_other(), minutes=60, reason="核对过原图")
    assert (club.points(person), selectors.minutes_of(person.pk)) == (5, 60)


def test_compounds_publish_themselves_and_only_in_their_own_place(club: Club) -> None:
    grid = (
        next(n for n in areas.tree().of_level(Level.GRID, COMMUNITY))
        if areas.tree().of_level(Level.GRID, COMMUNITY)
        else None
    )
    leader = club.world.actor("building_leader", area=grid.code if grid else COMMUNITY)
    activity = club.publish(actor=leader, area=grid.code if grid else COMMUNITY)
    assert activity.community_code == COMMUNITY
    with pytest.raises(Invalid, match="不归您的岗位发布"):
        club.publish(actor=leader, area=areas.tree().of_level(Level.COMMUNITY, OTHER_STREET)[0].code)
    with pytest.raises(NotHere):
        club.publish(actor=club.world.actor("department_handler", unit="water"))


def test_somebody_without_a_phone_is_signed_up_at_the_counter(club: Club) -> None:
    activity = club.publish()
    data = {"name": "白奶奶", "phone": "13887300009"}
    perform(actor=club.worker(), matter=activity.matter, action="enter", data=data)
    signup = Signup.objects.get(activity=activity)
    assert signup.person.name == "白奶奶"
    with pytest.raises(NotNow, match="已经报过"):
        perform(actor=club.worker(), matter=activity.matter, action="enter", data=data)
    with pytest.raises(Invalid, match="请填卡号"):
        perform(actor=club.worker(), matter=activity.matter, action="enter", data={})


def test_the_hours_are_whole_steps_within_the_activity() -> None:
    rules = policy.get(VolunteeringRules)
    begins = clock.now()
    ends = begins + timedelta(hours=2)
    minute = timedelta(minutes=1)
    assert hours.within(begins, ends, begins, ends, rules) == 120
    assert hours.within(begins - 60 * minute, ends, begins, ends, rules) == 120
    assert hours.within(begins, begins + 29 * minute, begins, ends, rules) == 0
    assert hours.within(begins, begins + timedelta(hours=20), begins, begins + timedelta(hours=20), rules) == 480


def test_places_and_words_are_forgotten_and_the_hours_stay(club: Club) -> None:
    person = club.person()
    signup = club.serve(club.publish(), person, hours=1)
    club.do(signup, "confirm", club.worker())
    signup.said = "擦了两遍"
    signup.save(update_fields=["said"])
    with clock.using(clock.now() + timedelta(days=5)):
        sweep()
    assert signup.in_point
    privacy.run_retention(moment=clock.now() + timedelta(days=380))
    signup = club.fresh(signup)
    assert (signup.in_point, signup.out_point, signup.in_metres, signup.said) == ("", "", 0, "擦了两遍")
    privacy.run_retention(moment=clock.now() + timedelta(days=1120))
    assert club.fresh(signup).said == ""
    assert selectors.minutes_of(person.pk) == 60


def test_the_process_stands_in_the_inbox_of_who_is_to_act(club: Club) -> None:
    signup = club.done()
    assert signup.pk in {m.pk for m in matters.inbox(club.worker())}
    assert SIGNUP.stage("proven").title == "待确认"
    assert ACTIVITY.stage(signup.activity.matter.stage).title == "招募中"
    assert off(0) == HERE
