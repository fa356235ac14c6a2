"""Seeing a full value is an act with a reason, and leaves an entry that the person can read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from linli.kernel import clock, people, privacy
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.people import services as people_services
from linli.kernel.posts import actors
from linli.kernel.posts.models import DutyShift
from linli.kernel.posts.tests import makers
from linli.kernel.privacy import events, selectors, services
from linli.kernel.privacy.models import AccessLog, Consent

PHONE = "13800138000"
REASON = "核实漏水的楼层"


@pytest.fixture
def clerk(db):
    places = makers.district()
    desk = makers.post(makers.unit(places["street"]), places["street"])
    who = makers.person("李四")
    makers.hold(who, desk)
    return actors.actor_for(who, desk)


@pytest.fixture
def zhang(db):
    return people.ensure_by_phone(PHONE, "张三")


def test_a_full_number_is_shown_for_a_reason_and_the_look_is_logged(clerk, zhang):
    assert privacy.reveal(clerk, zhang, "phone", REASON, purpose="联系反映人") == PHONE
    entry = AccessLog.objects.get()
    assert (entry.person, entry.viewer, entry.post, entry.reason) == (zhang, clerk.person, clerk.post, REASON)


def test_a_reason_that_says_nothing_is_refused(clerk, zhang):
    with pytest.raises(UserError) as caught:
        privacy.reveal(clerk, zhang, "phone", "  看看 ")
    assert caught.value.field == "reason"
    assert not AccessLog.objects.exists()


def test_the_resident_reads_unit_post_purpose_and_time_and_never_the_clerks_name(clerk, zhang):
    privacy.reveal(clerk, zhang, "phone", REASON, purpose="联系反映人")
    (look,) = privacy.log_for(zhang)
    assert (look.shown_as, look.what, look.purpose) == ("华山街道办事处·调度岗", "电话", "联系反映人")
    assert "李四" not in repr(look)


def test_the_log_of_a_merged_person_is_read_through_the_one_that_stands(clerk, zhang):
    other = people.ensure_by_phone("13900139000", "张三")
    privacy.reveal(clerk, other, "phone", REASON)
    people.merge(actor=clerk, keep=zhang, drop=other, reason="同一人")
    assert len(privacy.log_for(zhang)) == 1


def test_people_see_their_own_values_without_an_entry(zhang):
    assert privacy.reveal(actors.resident_actor(zhang), zhang, "phone", "") == PHONE
    assert not AccessLog.objects.exists()


def test_residents_links_tokens_and_the_auditor_see_nothing_of_others(clerk, zhang):
    audit = makers.post(clerk.unit, kind="auditor", title="审计岗")
    makers.hold(makers.person("王五"), audit)
    watcher = actors.actor_for(audit.holdings.get().person, audit)
    for actor in (actors.resident_actor(makers.person()), actors.resident_actor(), watcher):
        with pytest.raises(services.Closed):
            privacy.reveal(actor, zhang, "phone", REASON)


def test_a_room_below_may_close_a_value(clerk, zhang):
    events.may_reveal.fill(lambda **asked: asked["field_group"] != "phone")
    try:
        with pytest.raises(services.Closed, match="转接"):
            privacy.reveal(clerk, zhang, "phone", REASON)
    finally:
        events.may_reveal.empty()


def test_a_value_that_is_not_there_leaves_no_entry(clerk, zhang):
    with pytest.raises(NotHere):
        privacy.reveal(clerk, zhang, "identity", REASON)
    assert not AccessLog.objects.exists()
    with pytest.raises(LookupError):
        privacy.reveal(clerk, zhang, "shoe_size", REASON)


def test_the_log_can_be_neither_changed_nor_emptied(clerk, zhang):
    privacy.reveal(clerk, zhang, "phone", REASON)
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        AccessLog.objects.update(reason="别的")
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        AccessLog.objects.all().delete()


def unusual_kinds(moment, **thresholds):
    span = (moment - timedelta(days=1), moment + timedelta(days=1))
    return {line.kind for line in privacy.unusual(*span, selectors.Thresholds(**thresholds))}


def noon_of(day=None):
    return clock.at(day or clock.today() + timedelta(days=1), 12)


def test_an_ordinary_look_at_noon_is_not_unusual(clerk, zhang):
    noon = noon_of()
    with clock.using(noon):
        privacy.reveal(clerk, zhang, "phone", REASON, area_code="530102001005")
    assert unusual_kinds(noon) == set()


def test_looking_at_a_colleague_or_at_oneself_is_unusual(clerk, zhang):
    makers.hold(zhang, makers.post(clerk.unit, title="另一岗"))
    me = people_services.add_phone(actor=clerk, person=clerk.person, phone="13700137000").person
    noon = noon_of()
    with clock.using(noon):
        privacy.reveal(clerk, zhang, "phone", REASON)
        privacy.reveal(clerk, me, "phone", REASON)
    assert unusual_kinds(noon) == {"colleague", "own_record"}


def test_looking_at_night_is_unusual_unless_on_duty(clerk, zhang):
    night = clock.at(clock.today() + timedelta(days=1), 23, 30)
    with clock.using(night):
        privacy.reveal(clerk, zhang, "phone", REASON)
    assert unusual_kinds(night) == {"night"}
    DutyShift.objects.create(
        unit=clerk.unit,
        person=clerk.person,
        starts_at=night - timedelta(hours=4),
        ends_at=night + timedelta(hours=4),
        kind="night",
    )
    assert unusual_kinds(night) == set()


def test_many_looks_and_looks_outside_ones_area_are_counted_by_day(clerk, zhang):
    noon = noon_of()
    with clock.using(noon):
        for _ in range(4):
            privacy.reveal(clerk, zhang, "phone", REASON, area_code="530102002")
    assert unusual_kinds(noon) == set()
    assert unusual_kinds(noon, outside_a_day=4, many_a_day=4) == {"outside", "many"}


def test_a_consent_is_noted_once_and_withdrawn_as_easily(clerk, zhang):
    given = {"person": zhang, "purpose": "points.gift", "notice": "同意家庭积分合并使用", "how": "paper"}
    first = privacy.give_consent(actor=clerk, **given)
    assert privacy.give_consent(actor=clerk, **given) == first
    assert privacy.has_consent(zhang, "points.gift")
    assert not privacy.has_consent(zhang, "publication")
    privacy.withdraw_consent(actor=actors.resident_actor(zhang), consent=first)
    assert not privacy.has_consent(zhang, "points.gift")
    assert Consent.objects.count() == 1
    with pytest.raises(NotNow):
        privacy.withdraw_consent(actor=clerk, consent=first)


def test_nobody_agrees_online_for_another_nor_withdraws_for_a_stranger(clerk, zhang):
    with pytest.raises(UserError) as caught:
        privacy.give_consent(actor=clerk, person=zhang, purpose="photo", notice="拍照公示", how="self")
    assert caught.value.field == "how"
    mine = actors.resident_actor(zhang)
    consent = privacy.give_consent(actor=mine, person=zhang, purpose="photo", notice="拍照公示", how="self")
    with pytest.raises(services.Closed):
        privacy.withdraw_consent(actor=actors.resident_actor(makers.person()), consent=consent)


def test_a_child_under_14_needs_a_guardian(clerk, zhang):
    born = date(clock.today().year - 8, 1, 1)
    body = f"532503{born:%Y%m%d}002"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    number = body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
    child = people.create(actor=clerk, name="张小")
    people_services.check_identity(actor=clerk, person=child, number=number, how="window")
    asked = {"person": child, "purpose": "photo", "notice": "拍照公示"}
    with pytest.raises(UserError, match="14"):
        privacy.give_consent(actor=clerk, how="paper", **asked)
    privacy.give_consent(actor=clerk, how="guardian", guardian=zhang, **asked)
    assert privacy.has_consent(child, "photo")
