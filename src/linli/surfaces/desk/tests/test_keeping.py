"""Rosters, posts, links, policy, the calendar, messages and what the auditor sees."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from tests.support.world import World

from linli.affairs.cases.tests.test_figures import judge
from linli.affairs.cases.tests.test_filed import to_verified
from linli.kernel import clock, policy, worktime
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.policy.models import PolicyVersion
from linli.kernel.posts.models import DutyShift, HandOver, Holding, Leave
from linli.surfaces.desk.staffforms import local
from linli.surfaces.desk.tests.conftest import SignIn, dispatch, file, report


def link_of(world: World, desk: SignIn) -> tuple[Matter, str]:
    matter = report()
    file(world, matter)
    task = dispatch(world, matter, lead="gas")
    page = desk("community_secretary").post(reverse("desk:link", args=[task.number]), {"hours": "72"}).content.decode()
    found = re.search(r"/l/([\w-]+)/", page)
    assert found
    return task, f"/l/{found.group(1)}/"


def test_a_unit_without_accounts_signs_and_feeds_back_by_its_link_once(world: World, desk: SignIn) -> None:
    task, address = link_of(world, desk)
    bearer = Client()
    text = bearer.get(address).content.decode()
    assert task.number in text
    assert "签收" in text
    assert "13887300001" not in text
    bearer.post(address, {"action": "sign", "version": task.version, "key": "a"})
    assert Matter.objects.get(pk=task.pk).stage == "signed"
    bad = bearer.post(address, {"action": "feed_back", "result": "done", "reply": "", "key": "b"})
    assert bad.status_code == 422
    done = bearer.post(address, {"action": "feed_back", "result": "done", "reply": "阀门已换", "key": "c"})
    assert "已反馈" in done.content.decode()
    assert Matter.objects.get(pk=task.pk).stage == "answered_back"
    assert bearer.get(address).status_code == 404


def test_a_link_opens_nothing_else_and_can_be_taken_back(world: World, desk: SignIn) -> None:
    task, address = link_of(world, desk)
    assert Client().post(address, {"action": "recall"}).status_code == 404
    from linli.kernel.posts.models import TaskLink

    desk("community_secretary").post(reverse("desk:link-revoke", args=[TaskLink.objects.get().pk]))
    assert Client().get(address).status_code == 404
    assert Matter.objects.get(pk=task.pk).stage == "sent"


def test_a_shift_is_rostered_signed_over_and_confirmed(world: World, desk: SignIn, now: Any) -> None:
    secretary, worker = world.actor("community_secretary"), world.actor("community_worker")
    keeper, next_one = desk("community_secretary"), desk("community_worker")
    start = clock.now()
    for person, begin in ((secretary.person, start), (worker.person, start + timedelta(hours=12))):
        end = begin + timedelta(hours=12)
        sent = {"person": person.pk, "kind": "day", "starts_at": local(begin), "ends_at": local(end)}
        assert keeper.post("/desk/roster/", sent).status_code == 302
    matter = report()
    shift = DutyShift.objects.get(person=secretary.person)
    keeper.post(reverse("desk:hand-over", args=[shift.pk]), {"note": "答应了李大爷明早回电"})
    page = next_one.get("/desk/roster/").content.decode()
    assert "答应了李大爷" in page
    assert matter.number in page
    next_one.post(reverse("desk:hand-over-confirm", args=[HandOver.objects.get().pk]), {"note": ""})
    assert HandOver.objects.get().confirmed_at is not None


def test_whoever_does_not_keep_the_roster_cannot_change_it(world: World, desk: SignIn) -> None:
    client = desk("grid_worker")
    start = clock.now()
    who = world.actor("grid_worker").person
    sent = {"person": who.pk, "kind": "day", "starts_at": local(start), "ends_at": local(start + timedelta(hours=8))}
    assert client.post("/desk/roster/", sent).status_code == 403
    assert not DutyShift.objects.exists()


def test_a_b_holder_is_appointed_and_steps_in_during_leave(world: World, desk: SignIn) -> None:
    post = world.actor("community_secretary").post
    admin = desk("system_admin")
    page = reverse("desk:post", args=[post.pk])
    assert admin.post(page, {"name": "赵云", "phone": "13887309999", "part": "B"}).status_code == 302
    again = admin.post(page, {"name": "马超", "phone": "13887308888", "part": "B"})
    assert again.status_code == 422
    assert "先办理离岗" in again.content.decode()
    mine = Holding.objects.get(post=post, part="A")
    begin = clock.now() - timedelta(minutes=1)
    span = {"starts_at": local(begin), "ends_at": local(begin + timedelta(days=2))}
    text = desk("community_secretary").post(reverse("desk:leave", args=[mine.pk]), span, follow=True).content.decode()
    assert Leave.objects.count() == 1
    assert "休假" in text or "没有可用的岗位" in text
    assert "赵云" in admin.get(page).content.decode()


def test_a_holder_gets_an_account_whose_password_is_for_once(world: World, desk: SignIn) -> None:
    post = world.actor("community_secretary").post
    admin = desk("system_admin")
    admin.post(reverse("desk:post", args=[post.pk]), {"name": "赵云", "phone": "13887309999", "part": "B"})
    holding = Holding.objects.get(post=post, part="B")
    colleague = desk("community_secretary")
    address = reverse("desk:holding-account", args=[holding.pk])
    refused = admin.post(address, {"username": "赵 云"}, follow=True).content.decode()
    assert "小写字母" in refused
    assert 'value="赵 云"' in refused
    assert colleague.post(address, {"username": "zhaoyun"}).status_code == 403
    admin.post(reverse("desk:holding-end", args=[Holding.objects.get(post=post, part="A").pk]))

    slip = admin.post(address, {"username": "ZhaoYun"})
    assert slip["Cache-Control"] == "no-store"
    first = re.search(r"<code>(\w{5}-\w{5}-\w{5})</code>", slip.content.decode())
    assert first
    again = admin.post(address, {"username": "zhaoyun2"}, follow=True).content.decode()
    assert "此人已有账号" in again

    newcomer = Client()
    assert newcomer.login(username="zhaoyun", password=first.group(1))
    page = newcomer.get("/desk/")
    assert (page.status_code, page["Location"]) == (302, reverse("account_change_password"))
    assert newcomer.get("/field/")["Location"] == reverse("account_change_password")
    assert newcomer.get("/api/v1/matters/").json()["code"] == "given-password"
    own = "雨天路滑-请慢走-42"
    sent = {"oldpassword": first.group(1), "password1": own, "password2": own}
    assert newcomer.post(reverse("account_change_password"), sent).status_code == 302
    assert newcomer.get("/desk/").status_code == 200

    second = re.search(r"<code>(\w{5}-\w{5}-\w{5})</code>", admin.post(address).content.decode())
    assert second
    assert not Client().login(username="zhaoyun", password=own)
    assert Client().login(username="zhaoyun", password=second.group(1))
    admin.post(reverse("desk:holding-end", args=[holding.pk]))
    assert "已离岗" in admin.post(address, follow=True).content.decode()


def test_policy_is_edited_as_text_with_problems_by_line(world: World, desk: SignIn) -> None:
    client = desk("policy_officer")
    edit = reverse("desk:policy-edit", args=["cases.callback"])
    text = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", client.get(edit).content.decode(), re.DOTALL)
    assert text
    wrong = text.group(1).replace("attempts: 3", "attempts: many")
    answer = client.post(edit, {"text": wrong, "valid_from": "2026-12-01", "note": "多打一次"})
    assert answer.status_code == 422
    assert re.search(r"cases\.callback[^:]*:\d+: ", answer.content.decode())
    assert "attempts: many" in answer.content.decode()
    assert not PolicyVersion.objects.filter(state="draft").exists()


def test_a_policy_draft_goes_through_approval_before_it_is_in_force(world: World, desk: SignIn) -> None:
    client = desk("policy_officer")
    edit = reverse("desk:policy-edit", args=["cases.callback"])
    page = client.get(edit).content.decode()
    from linli.kernel.policy import selectors

    changed = selectors.text("cases.callback").replace("attempts: 3", "attempts: 4")
    assert "attempts: 3" in page
    sent = client.post(
        edit, {"text": changed, "valid_from": clock.today().isoformat(), "note": "多打一次"}, follow=True
    )
    change = Matter.objects.get(kind="change")
    assert change.number in sent.content.decode()
    assert policy.get(policy.shape_of("cases.callback")).attempts == 3
    director = desk("centre_director")
    seen = director.get(reverse("desk:matter", args=[change.number])).content.decode()
    assert "attempts" in seen
    director.post(reverse("desk:act", args=[change.number, "approve"]), {"note": ""})
    policy.forget()
    assert policy.get(policy.shape_of("cases.callback")).attempts == 4


def test_policy_pages_can_be_read_by_every_post(world: World, desk: SignIn) -> None:
    client = desk("grid_worker")
    assert "回访" in client.get("/desk/policy/").content.decode()
    assert client.get("/desk/policy/cases.callback/").status_code == 200
    assert client.get("/desk/policy/no.such/").status_code == 404
    assert client.get("/desk/policy/cases.callback/edit/").status_code == 404


def test_the_calendar_is_edited_by_its_keeper_with_a_note(world: World, desk: SignIn) -> None:
    from datetime import date

    sent = {"do": "day", "day": "2026-11-28", "kind": "workday", "name": "调休", "note": "国办发明电〔2026〕7号"}
    assert desk("grid_worker").post("/desk/calendar/", sent).status_code == 404
    client = desk("policy_officer")
    text = client.post("/desk/calendar/", sent, follow=True).content.decode()
    assert "国办发明电" in text
    assert worktime.is_workday(date(2026, 11, 28))
    bad = client.post("/desk/calendar/", {"do": "year", "rows": "日期,类别\n明天,放假", "note": "x"})
    assert bad.status_code == 422
    assert "第 2 行" in bad.content.decode()


def test_only_the_auditor_sees_the_looks_and_verifies_the_seals(world: World, desk: SignIn) -> None:
    matter = report()
    clerk = desk("community_secretary")
    clerk.post(reverse("desk:reveal", args=[matter.number]), {"field": "phone", "reason": "回访办理结果"})
    auditor = desk("auditor")
    text = auditor.get("/desk/audit/").content.decode()
    assert "回访办理结果" in text
    assert "13887300001" not in text
    from linli.kernel.matters.sealing import seal

    seal()
    assert "全部完好" in auditor.get("/desk/audit/seals/").content.decode()
    assert clerk.get("/desk/audit/").status_code == 404


def test_the_auditors_lists_speak_in_words_and_are_exported(world: World, desk: SignIn) -> None:
    matter = report()
    to_verified(world, matter)
    judge(matter)
    asked = perform(
        actor=world.actor("street_dispatcher"), matter=matter, action="exclude", data={"code": "E2", "basis": "已起诉"}
    )
    assert asked.approval is not None
    auditor = desk("auditor")
    text = auditor.get("/desk/audit/").content.decode()
    assert "待审批" in text
    assert "诉讼" in text
    assert "已起诉" in text
    assert "<td>E2" not in text
    exported = auditor.get("/desk/audit/exclusions.csv").content.decode()
    assert matter.number in exported
    assert auditor.get("/desk/audit/exclusions.xlsx").status_code == 200
    assert auditor.get("/desk/audit/exclusions.doc").status_code == 404
    assert auditor.get("/desk/audit/nothing.csv").status_code == 404


def test_messages_can_be_read_and_put_away(world: World, desk: SignIn) -> None:
    from linli.kernel import outreach

    matter = report()
    actor = world.actor("community_secretary")
    for row in outreach.notice_rows("matter.waits", posts=[actor.post_id], subject_id=matter.pk, interrupt="urgent"):
        row.save(force_insert=True)
    client = desk("community_secretary")
    assert matter.number in client.get("/desk/messages/").content.decode()
    client.post("/desk/messages/read/", {})
    assert "都看过了" not in client.get("/desk/messages/").content.decode()
