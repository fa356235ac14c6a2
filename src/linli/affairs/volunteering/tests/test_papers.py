"""Certificates that anybody can check, and calendars to subscribe to (民政部令第67号; RFC 5545)."""

from __future__ import annotations

from datetime import timedelta

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from tests.support.world import COMMUNITY, OTHER_STREET

from linli.affairs.honor.models import Member
from linli.affairs.honor.services import members
from linli.affairs.honor.tests.test_costs import statements
from linli.affairs.honor.tests.test_pages import desk_of, phone_of, said
from linli.affairs.volunteering.models import Certificate, Feed
from linli.affairs.volunteering.paper import address_of
from linli.affairs.volunteering.services import certificates
from linli.affairs.volunteering.tests.conftest import Club
from linli.kernel import areas, clock, privacy
from linli.kernel.areas.models import Level
from linli.kernel.errors import UserError
from linli.kernel.matters import perform
from linli.kernel.people.models import Assurance, Person
from linli.kernel.people.services import contacts
from linli.kernel.posts.actors import resident_actor
from linli.kernel.privacy.models import AccessLog

pytestmark = pytest.mark.django_db


def served(club: Club, person: Person, hours: float = 1.5) -> None:
    club.do(club.serve(club.publish(), person, hours=hours), "confirm", club.worker())


def test_a_certificate_is_free_and_says_what_was_done_where_and_how_long(club: Club) -> None:
    person = club.person("王建国")
    served(club, person)
    served(club, person, 1.2)
    mine = phone_of(person)
    today = clock.today().isoformat()
    sent = mine.post(reverse("portal:volunteer-certificates"), {"since": today, "until": today})
    assert sent.status_code == 302
    row = Certificate.objects.get()
    assert (row.content["minutes"], len(row.content["lines"])) == (150, 2)
    file = mine.get(reverse("portal:volunteer-certificate", args=[row.code]))
    assert file["Content-Type"] == "application/pdf"
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file.content))
    plain = "".join(text.split())
    for words in ("志愿服务记录证明", "王建国", "服务时长共2.5小时", "周六清洁楼道", row.number, "民政部令第67号"):
        assert words in plain, words
    assert address_of(row).split("//")[1].split("/", 1)[1] in plain


def test_anybody_checks_it_by_its_code_and_reads_no_more_than_was_agreed(club: Club) -> None:
    person = club.person("王建国")
    served(club, person)
    actor = resident_actor(person)
    today = clock.today()
    hidden = certificates.issue(actor=actor, person=person, since=today, until=today)
    shown = certificates.issue(actor=actor, person=person, since=today, until=today, names=True)
    anybody = Client()
    page = said(anybody.get(reverse("portal:volunteer-verify", args=[hidden.code])))
    assert "是本平台出具的" in page
    assert "王建国" not in page
    assert "三单元门口" not in page
    assert "王建国" in said(anybody.get(reverse("portal:volunteer-verify", args=[shown.code])))
    assert anybody.get(reverse("portal:volunteer-verify", args=["NOSUCHCODE"])).status_code == 404
    Certificate.objects.filter(pk=shown.pk).update(content=shown.content | {"minutes": 6000})
    assert "内容与签名不符" in said(anybody.get(reverse("portal:volunteer-verify", args=[shown.code])))
    phone_of(person).post(reverse("portal:volunteer-revoke", args=[hidden.code]))
    assert "已经作废" in said(anybody.get(reverse("portal:volunteer-verify", args=[hidden.code])))
    with clock.using(clock.now() + timedelta(days=400)):
        assert not certificates.holds(certificates.Certificate.objects.get(pk=shown.pk))


def test_who_is_not_checked_or_has_no_hour_is_told_what_to_do(club: Club) -> None:
    person, today = club.person("王建国"), clock.today()
    with pytest.raises(UserError, match="没有已确认的服务时长"):
        certificates.issue(actor=resident_actor(person), person=person, since=today, until=today)
    served(club, person)
    with pytest.raises(UserError, match="开始日期应在结束日期之前"):
        certificates.issue(actor=resident_actor(person), person=person, since=today, until=today - timedelta(days=1))
    Person.objects.filter(pk=person.pk).update(assurance=Assurance.PHONE)
    page = phone_of(person).get(reverse("portal:volunteer-certificates"))
    assert "带身份证到社区窗口核验一次" in said(page)
    person.refresh_from_db()
    with pytest.raises(UserError, match="先核验身份"):
        certificates.issue(actor=resident_actor(person), person=person, since=today, until=today)
    other = club.person()
    with pytest.raises(UserError):
        certificates.issue(actor=resident_actor(other), person=person, since=today, until=today)
    assert not Certificate.objects.exists()


def test_the_public_calendar_of_an_area_names_nobody(club: Club) -> None:
    activity, person = club.publish(title="周六清洁楼道"), club.person("王建国")
    club.sign_up(activity, person)
    club.publish(title="已取消的")
    gone = club.publish(title="取消的")
    perform(actor=club.secretary(), matter=gone.matter, action="call_off", data={"reason": "下雨"})
    answer = Client().get(reverse("portal:volunteer-ics", args=[COMMUNITY]))
    assert answer["Content-Type"].startswith("text/calendar")
    found = Calendar.from_ical(answer.content)
    events = {str(event["summary"]): event for event in found.walk("VEVENT")}
    assert "取消的" not in events
    event = events["周六清洁楼道"]
    assert event.decoded("dtstart") == activity.starts_at.replace(microsecond=0)
    assert event["uid"] == f"{activity.matter.number}@linli"
    assert "三单元门口" in event["location"]
    assert "王建国" not in answer.content.decode()
    assert Client().get(reverse("portal:volunteer-ics", args=["999"])).status_code == 404


def test_ones_own_calendar_has_a_secret_that_can_be_taken_back(club: Club) -> None:
    person = club.person()
    club.sign_up(club.publish(title="我报的"), person)
    club.publish(title="别人的")
    mine = phone_of(person)
    page = said(mine.post(reverse("portal:volunteer-calendar")))
    token = page.split("/volunteering/calendar/mine/")[1].split(".ics")[0]
    feed = Client().get(reverse("portal:volunteer-own-ics", args=[token]))
    titles = [str(event["summary"]) for event in Calendar.from_ical(feed.content).walk("VEVENT")]
    assert titles == ["我报的"]
    assert token not in said(mine.get(reverse("portal:volunteer-calendar")))
    mine.post(reverse("portal:volunteer-calendar"))
    assert Client().get(reverse("portal:volunteer-own-ics", args=[token])).status_code == 404
    mine.post(reverse("portal:volunteer-calendar"), {"do": "revoke"})
    assert not Feed.objects.filter(revoked_at=None).exists()


def test_whoever_has_no_phone_gets_theirs_printed_at_the_counter_and_can_read_who_did_it(club: Club) -> None:
    person = club.person("王建国")
    served(club, person)
    desk = desk_of(club.worker())
    url = reverse("volunteering:certificates")
    assert "王建国 · 在本辖区 1.5 小时" in said(desk.get(url, {"q": "王建国"}))
    page, today = said(desk.get(url, {"person": str(person.pk)})), clock.today().isoformat()
    assert "开证明" in page
    assert f'value="{today}"' in page
    asked = {"person": str(person.pk), "since": today, "until": today, "asked": "本人到窗口，身份证已看"}
    made = desk.post(url, asked)
    assert made.status_code == 302
    row = Certificate.objects.get()
    assert (row.content["name"], row.issued_by) == ("王建国", club.worker().post)
    assert row.number in said(desk.get(made["Location"]))
    assert desk.get(reverse("volunteering:certificate", args=[row.code])).content.startswith(b"%PDF")
    (look,) = privacy.log_for(person)
    assert (look.what, look.purpose) == ("志愿服务记录", "开志愿服务证明：本人到窗口，身份证已看")
    assert "本人到窗口，身份证已看" in AccessLog.objects.get(person=person).reason
    mine = said(phone_of(person).get(reverse("portal:volunteer-certificates")))
    assert f"{row.number} · 1.5 小时" in mine
    assert "窗口开的" in mine


def test_the_counter_finds_by_card_and_number_and_only_who_served_here(club: Club) -> None:
    person, stranger = club.person("王建国"), club.person("李没来")
    served(club, person)
    number = members.give_card(actor=club.worker(), member=Member.objects.get(person=person))
    contacts.add_phone(actor=club.worker(), person=person, phone="13887300055")
    desk, url = desk_of(club.worker()), reverse("volunteering:certificates")
    for words in (number, "13887300055", "王建"):
        assert "王建国 · 在本辖区" in said(desk.get(url, {"q": words})), words
    for words in ("李没来", "29999999999", "0000000000", "%"):
        assert "没有找到" in said(desk.get(url, {"q": words})), words
    assert desk.get(url, {"person": str(stranger.pk)}).status_code == 404
    assert desk.get(url, {"person": "x"}).status_code == 404
    other = next(one for one in areas.tree().of_level(Level.COMMUNITY) if one.code.startswith(OTHER_STREET))
    elsewhere = desk_of(club.world.actor("community_worker", area=other.code))
    assert "没有找到" in said(elsewhere.get(url, {"q": "王建国"}))
    assert elsewhere.get(url, {"person": str(person.pk)}).status_code == 404


def test_the_counter_says_what_is_missing_and_keeps_what_was_typed(club: Club) -> None:
    person = club.person("王建国")
    served(club, person)
    desk, url, today = desk_of(club.worker()), reverse("volunteering:certificates"), clock.today()
    asked = {"person": str(person.pk), "since": today.isoformat(), "until": today.isoformat(), "asked": "女儿来办"}
    for wrong, words in (
        ({"until": (today - timedelta(days=1)).isoformat()}, "开始日期应在结束日期之前"),
        ({"since": "x"}, "女儿来办"),
        ({"asked": ""}, "谁来办的"),
        ({"since": "2020-01-01", "until": "2020-02-01"}, "没有已确认的服务时长"),
    ):
        answer = desk.post(url, asked | wrong)
        assert answer.status_code == 422, wrong
        assert words in said(answer)
    assert not Certificate.objects.exists()
    assert not AccessLog.objects.exists()


def test_the_counter_costs_the_same_with_one_found_and_with_many(club: Club) -> None:
    desk, url, today = desk_of(club.worker()), reverse("volunteering:certificates"), clock.today()

    def more(name: str) -> None:
        person = club.person(name)
        served(club, person)
        certificates.issue(actor=club.worker(), person=person, since=today, until=today, asked="本人到窗口")

    more("王一")
    desk.get(url, {"q": "王"})
    few = statements(lambda: desk.get(url, {"q": "王"}))
    for name in ("王二", "王三", "王四"):
        more(name)
    assert statements(lambda: desk.get(url, {"q": "王"})) == few
    assert few <= 14, few
