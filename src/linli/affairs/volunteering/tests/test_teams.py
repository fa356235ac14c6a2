"""Teams, their rosters and small grants; partners of 三社联动; what the public reads of it (G105, G106, G111, G112)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.world import COMMUNITY

from linli.affairs.honor.tests.test_pages import desk_of, said
from linli.affairs.volunteering import statements
from linli.affairs.volunteering.granting import GRANT
from linli.affairs.volunteering.models import Outlay, Partner, Team, TeamGrant, TeamMember
from linli.affairs.volunteering.services import grants, teams
from linli.affairs.volunteering.tests.conftest import Club
from linli.kernel import areas, clock, privacy
from linli.kernel.errors import Invalid, NotHere, NotNow, UserError
from linli.kernel.ledger import checking
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import system_actor
from linli.kernel.privacy.models import AccessLog

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(club: Club) -> Team:
    return teams.found(
        actor=club.worker(), community=areas.tree().by_code(COMMUNITY), name="银发巡逻队", kind="safety",
        purpose="晚上在小区里走一圈", on=clock.today(),
    )  # fmt: skip


def fund(yuan: int) -> None:
    node = areas.tree().by_code(COMMUNITY)
    grants.fund(actor=system_actor(), community=node, amount=yuan * 100, source="社区自治金", key=f"k{yuan}")


def ask(club: Club, team: Team, yuan: str = "300") -> Matter:
    data = {"team": team.pk, "yuan": yuan, "purpose": "买反光背心"}
    return perform(actor=club.worker(), process=GRANT, action="ask", data=data).matter


def spend(club: Club, matter: Matter, yuan: str, receipt: str) -> None:
    data = {"what": "反光背心 10 件", "yuan": yuan, "receipt": receipt, "spent_on": clock.today()}
    perform(actor=club.worker(), matter=matter, action="spend", data=data)


def test_a_small_grant_is_asked_granted_spent_and_accounted_for_in_the_ledger(club: Club, team: Team) -> None:
    fund(1000)
    matter = ask(club, team)
    perform(actor=club.secretary(), matter=matter, action="grant", data={"yuan": "250", "source": "社区自治金"})
    spend(club, matter, "180.50", "F001")
    assert statements.money(COMMUNITY) == statements.Money(100_000, 75_000, 6_950, 18_050)
    perform(actor=club.worker(), matter=matter, action="render", data={})
    with pytest.raises(NotHere):
        perform(actor=club.worker(), matter=matter, action="accept", data={})
    perform(actor=club.secretary(), matter=matter, action="accept", data={})
    found = statements.money(COMMUNITY)
    assert found == statements.Money(100_000, 81_950, 0, 18_050)
    assert found.put_in == found.left + found.granted + found.spent
    assert Matter.objects.get(pk=matter.pk).stage == "accounted"
    assert list(checking.verify()) == []
    page = said(Client().get(reverse("portal:volunteer-open-area", args=[COMMUNITY])))
    for words in ("银发巡逻队", "买反光背心", "F001", "180.50", "核定 250 元", "1000"):
        assert words in page


def test_what_the_fund_or_the_grant_does_not_hold_is_refused_and_nothing_moves(club: Club, team: Team) -> None:
    fund(100)
    matter = ask(club, team)
    with pytest.raises(NotNow, match="社区自治金额度不够"):
        perform(actor=club.secretary(), matter=matter, action="grant", data={"yuan": "250", "source": "自治金"})
    assert TeamGrant.objects.get().granted_fen == 0
    with pytest.raises(Invalid, match="核定的不能超过申请的"):
        perform(actor=club.secretary(), matter=matter, action="grant", data={"yuan": "301", "source": "自治金"})
    perform(actor=club.secretary(), matter=matter, action="grant", data={"yuan": "100", "source": "自治金"})
    with pytest.raises(NotNow, match="剩下的不够"):
        spend(club, matter, "100.01", "F001")
    assert not Outlay.objects.exists()
    spend(club, matter, "60", "F001")
    with pytest.raises(Invalid, match="票据号已经登记过"):
        spend(club, matter, "10", "F001")
    with pytest.raises(Invalid, match="小额经费一次最多"):
        ask(club, team, "20000.01")
    assert list(checking.verify()) == []


def test_whoever_asked_does_not_grant(club: Club, team: Team) -> None:
    fund(1000)
    secretary = club.secretary()
    data = {"team": team.pk, "yuan": "300", "purpose": "买反光背心"}
    matter = perform(actor=secretary, process=GRANT, action="ask", data=data).matter
    with pytest.raises(NotHere):
        perform(actor=secretary, matter=matter, action="grant", data={"yuan": "300", "source": "自治金"})
    leader = club.world.actor("street_leader")
    perform(actor=leader, matter=matter, action="grant", data={"yuan": "300", "source": "自治金"})
    assert TeamGrant.objects.get().granted_fen == 30_000


def test_a_roster_is_taken_along_with_a_reason_that_each_member_can_read(club: Club, team: Team) -> None:
    person = club.person("=HYPERLINK(1)")
    teams.join(actor=club.worker(), team=team, part="leader", name="白奶奶", phone="13887300009")
    TeamMember.objects.create(team=team, person=person, since=clock.today())
    desk = desk_of(club.worker())
    url = reverse("volunteering:export-team", args=[team.pk])
    refused = desk.post(url, {"reason": ""}, follow=True)
    assert "请写明导出做什么用" in said(refused)
    assert not AccessLog.objects.filter(person=person).exists()
    content = desk.post(url, {"reason": "给队员买保险"}).content.decode("utf-8-sig")
    assert "白奶奶" in content
    assert "'=HYPERLINK(1)" in content
    assert [look.reason for look in AccessLog.objects.filter(person=person)] == ["给队员买保险"]
    assert len(list(privacy.log_for(person))) == 1


def test_a_team_is_entered_on_the_desk_with_members_and_ends(club: Club) -> None:
    desk = desk_of(club.worker())
    form = {
        "area": COMMUNITY,
        "name": "夕阳红合唱队",
        "kind": "arts",
        "purpose": "周三唱歌",
        "founded_on": "2020-05-01",
    }
    made = desk.post(reverse("volunteering:new-team"), form)
    row = Team.objects.get()
    assert made["Location"] == reverse("volunteering:team", args=[row.pk])
    assert "同名" in said(desk.post(reverse("volunteering:new-team"), form))
    page = reverse("volunteering:team", args=[row.pk])
    assert desk.post(page, {"name": "李阿姨", "phone": "13887300011", "part": "member"}).status_code == 302
    again = desk.post(page, {"name": "李阿姨", "phone": "13887300011", "part": "member"})
    assert again.status_code == 400
    assert "已经在名册上" in said(again)
    assert "请填卡号" in said(desk.post(page, {"part": "member"}))
    member = TeamMember.objects.get()
    change = reverse("volunteering:change-team", args=[row.pk])
    desk.post(change, {"member": member.pk})
    assert TeamMember.objects.get().until == clock.today()
    desk.post(change, {"do": "end"})
    with pytest.raises(NotNow, match="已经解散"):
        teams.join(actor=club.worker(), team=Team.objects.get(), part="member", name="李阿姨", phone="13887300011")


def test_partners_of_the_three_kinds_work_together_in_an_activity(club: Club) -> None:
    desk = desk_of(club.worker())
    for name, kind in (("暖阳社工站", "social_work"), ("示例志愿者协会", "social_organisation")):
        form = {"area": COMMUNITY, "name": name, "kind": kind, "does": "一起办邻里节"}
        assert desk.post(reverse("volunteering:new-partner"), form).status_code == 302
    assert "已经登记了这家伙伴" in said(desk.post(reverse("volunteering:new-partner"), form))
    activity = club.publish("activity", theme="joy", partners=[row.pk for row in Partner.objects.all()])
    page = said(Client().get(reverse("portal:volunteer-activity", args=[activity.matter.number])))
    assert "暖阳社工站" in page
    assert "邻里乐" in page
    with pytest.raises(UserError):
        teams.add_partner(
            actor=club.world.actor("department_handler", unit="water"), community=areas.tree().by_code(COMMUNITY),
            name="x", kind="social_work", does="",
        )  # fmt: skip


def test_a_district_counts_its_teams_by_kind_and_each_community_names_all_of_its_own(club: Club, team: Team) -> None:
    home = areas.tree().by_code(COMMUNITY)
    for number in range(120):
        teams.found(
            actor=club.worker(), community=home, name=f"巡逻{number}队", kind="safety", purpose="", on=clock.today()
        )
    above = said(Client().get(reverse("portal:volunteer-open")))
    assert "121 支" in above
    assert "银发巡逻队" not in above
    here = said(Client().get(reverse("portal:volunteer-open-area", args=[COMMUNITY])))
    assert all(f"巡逻{number}队" in here for number in range(120))
