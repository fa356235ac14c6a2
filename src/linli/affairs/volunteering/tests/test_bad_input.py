"""What bad input gets: a clear message, nothing half-done, the ledger whole (issue: what bad input gets)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.support.lively import photo
from tests.support.world import PROFILES

from linli.affairs.honor.models import Earning
from linli.affairs.honor.policy import HonorRules
from linli.affairs.volunteering import codes
from linli.affairs.volunteering.models import Record, Signup
from linli.affairs.volunteering.tests.conftest import HERE, Club, off
from linli.kernel import clock, policy
from linli.kernel.errors import Invalid, NotNow, UserError
from linli.kernel.ledger import checking
from linli.kernel.matters import perform
from linli.kernel.policy import services as policies
from linli.kernel.posts.actors import system_actor

pytestmark = pytest.mark.django_db


def test_a_full_activity_says_so_and_offers_waiting(club: Club) -> None:
    activity = club.publish(capacity=1)
    club.sign_up(activity, club.person())
    late = club.person()
    with pytest.raises(NotNow, match="名额刚好满了（1 个）。可以勾选“满了就候补”") as refused:
        club.sign_up(activity, late)
    assert refused.value.code == "full"
    assert not Signup.objects.filter(person=late).exists()
    assert club.fresh(activity).taken == 1


def test_what_is_over_takes_nobody_any_more(club: Club) -> None:
    activity = club.publish()
    with clock.using(activity.ends_at + timedelta(seconds=1)), pytest.raises(NotNow, match="活动已经结束，不能再报名"):
        club.sign_up(activity, club.person())
    assert not Signup.objects.exists()


def test_a_check_in_from_afar_is_refused_and_leaves_no_trace(club: Club) -> None:
    signup = club.sign_up(club.publish(), club.person())
    with pytest.raises(NotNow, match=r"离“三单元门口”约 5\.0 公里，不能在这里签到") as refused:
        club.check(signup, "in", at=off(5000))
    assert refused.value.code == "too_far"
    signup = club.fresh(signup)
    assert (signup.matter.stage, signup.in_at, signup.in_metres, signup.flags.count()) == ("signed", None, None, 0)
    # The organiser at the door may check in whom the phone places elsewhere.
    club.do(signup, "check_in", club.secretary())
    assert club.stage(signup) == "present"


def test_a_code_of_another_activity_or_for_the_other_way_is_refused(club: Club) -> None:
    one, other = club.publish(), club.publish(title="周日巡逻")
    signup = club.sign_up(one, club.person())
    wrong = {
        "这不是这个活动的码": codes.poster_token(other.matter.number, "in"),
        "这是签退码": codes.poster_token(one.matter.number, "out"),
        "请扫现场的二维码": "",
        "不是这个活动": codes.poster_token(one.matter.number, "in")[:-4] + "AAAA",
    }
    for words, code in wrong.items():
        with pytest.raises(UserError, match=words):
            club.do(signup, "check_in", code=code, lon=HERE[0], lat=HERE[1])
    assert club.stage(signup) == "signed"
    club.do(signup, "check_in", code=codes.poster_digits(one.matter.number, "in"))
    assert club.stage(signup) == "present"


def test_a_code_scanned_twice_counts_once(club: Club) -> None:
    signup = club.serve(club.publish(), club.person())
    before = (signup.in_at, signup.out_at, signup.claimed)
    for way in ("in", "out"):
        with pytest.raises(NotNow, match="现在是“待确认”"):
            club.check(signup, way)
    signup = club.fresh(signup)
    assert (signup.in_at, signup.out_at, signup.claimed) == before


def test_confirming_twice_records_once(club: Club) -> None:
    person = club.person()
    signup = club.done(person)
    club.do(signup, "confirm", club.worker("1"))
    with pytest.raises(NotNow, match="现在是“已确认”"):
        club.do(signup, "confirm", club.worker("2"))
    assert (Record.objects.count(), Earning.objects.count(), club.points(person)) == (1, 1, 5)


def test_an_open_claim_keeps_the_rule_it_was_made_under(club: Club, change_rules: Callable[..., None]) -> None:
    person, later = club.person(), club.person()
    signup = club.serve(club.publish(), person, hours=1)
    change_rules(points=2)
    assert policy.get(HonorRules).behaviours["volunteer_hour"].points == 2
    club.do(signup, "confirm", club.worker())
    assert club.points(person) == 5
    earning = Earning.objects.get()
    assert earning.version == signup.matter.pins["honor.rules"]
    club.do(club.serve(club.publish(), later, hours=1), "confirm", club.worker())
    assert club.points(later) == 2
    assert list(checking.verify()) == []


def test_an_empty_budget_and_a_reached_cap_leave_the_hours_and_say_why(club: Club) -> None:
    person = club.person()
    rule = policy.get(HonorRules).behaviours["volunteer_hour"]
    signup = club.serve(club.publish(ends_at=clock.now() + timedelta(hours=9), starts_at=clock.now()), person, hours=8)
    other = club.serve(club.publish(ends_at=clock.now() + timedelta(hours=9), starts_at=clock.now()), person, hours=2)
    club.do(signup, "confirm", club.worker("1"))
    assert club.points(person) == rule.per_day == 40
    club.do(other, "confirm", club.worker("2"))
    other = club.fresh(other)
    assert (other.minutes, other.points) == (120, 0)
    assert "上限 40 分" in other.unpaid_because
    assert sum(row.minutes for row in Record.objects.all()) == 600
    assert list(checking.verify()) == []


def test_too_early_too_late_and_more_than_was_proven_are_refused_in_words(club: Club) -> None:
    tomorrow = club.publish(starts_at=clock.now() + timedelta(hours=3))
    signup = club.sign_up(tomorrow, club.person())
    with pytest.raises(NotNow, match="起可以签到"):
        club.check(signup, "in")
    with clock.using(tomorrow.ends_at + timedelta(minutes=1)), pytest.raises(NotNow, match="不能再签到"):
        club.check(signup, "in")
    done = club.done()
    with pytest.raises(Invalid, match="不能超过证明的 60 分钟"):
        club.do(done, "confirm", club.worker(), minutes=90)
    with pytest.raises(Invalid, match="请拍一张照片"):
        club.do(club.sign_up(club.publish("clean_task"), club.person()), "prove", photos=[])
    sheet = club.sign_up(club.publish("activity"), club.person())
    with pytest.raises(UserError, match="比活动本身还长"):
        club.do(sheet, "sheet", club.worker(), minutes=600)
    with pytest.raises(NotNow, match="凭签到、签退计时，不收照片"):
        club.do(club.sign_up(club.publish(), club.person()), "prove", photos=[photo()])
    assert not Record.objects.exists()


def test_what_cannot_be_published_says_at_the_field_why(club: Club) -> None:
    now = clock.now()
    for more, words in (
        ({"ends_at": now - timedelta(hours=1), "starts_at": now - timedelta(hours=2)}, "结束时间已经过去"),
        ({"starts_at": now + timedelta(hours=2), "ends_at": now + timedelta(hours=1)}, "结束应在开始之后"),
        ({"ends_at": now + timedelta(days=3)}, "一场活动不超过一天"),
        ({"capacity": 5000}, "名额最多 2000 个"),
        ({"capacity": 0}, "大于或等于1"),
        ({"sort": "clean_task", "minutes": 0}, "积分任务请填"),
        ({"area": "532503"}, "请选到社区、小区或网格"),
        ({"sort": "nonsense"}, "有效"),
    ):
        with pytest.raises(Invalid, match=words):
            club.publish(**more)


def test_fewer_places_than_are_taken_are_refused(club: Club) -> None:
    activity = club.publish()
    for _ in range(2):
        club.sign_up(activity, club.person())
    with pytest.raises(Invalid, match="已经有 2 人报上，名额不能更少"):
        perform(actor=club.secretary(), matter=activity.matter, action="change", data={"capacity": 1, "place": "x"})


@pytest.fixture
def change_rules(club: Club) -> Callable[..., None]:
    """Return what puts another version of ``honor.rules`` in force today, with other points for an hour."""

    def change(points: int) -> None:
        text = (PROFILES / "default" / "honor.rules.yaml").read_text("utf-8")
        assert "志愿服务一小时, points: 5" in text
        changed = text.replace("志愿服务一小时, points: 5", f"志愿服务一小时, points: {points}")
        officer = club.world.actor("policy_officer")
        draft = policies.propose_text(actor=officer, name="honor.rules", text=changed, valid_from=clock.today())
        policies.put_in_force(actor=system_actor(), version=draft)

    return change
