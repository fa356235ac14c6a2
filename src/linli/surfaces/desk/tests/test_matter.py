"""The matter page: who has it, what can be done, and doing it without losing what was typed."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.support.world import World

from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.surfaces.desk.tests.conftest import SignIn, client_of, dispatch, file, report, statements


def page(matter: Matter) -> str:
    return reverse("desk:matter", args=[matter.number])


def action(matter: Matter, name: str) -> str:
    return reverse("desk:act", args=[matter.number, name])


def again(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def test_the_page_says_who_has_it_until_when_and_what_is_next(world: World, desk: SignIn) -> None:
    text = desk("community_secretary").get(page(report())).content.decode()
    assert "现由" in text
    assert "社区（村）书记1" in text
    assert "立案" in text
    assert "信息收集" in text


def test_out_of_reach_looks_like_not_there(world: World, desk: SignIn) -> None:
    stranger = desk("community_secretary", area="532503001001", unit="elsewhere")
    assert stranger.get(page(report())).status_code == 404
    assert stranger.get("/desk/m/C-20200101-99999/").status_code == 404


def test_an_action_is_done_once_and_says_what_happens_next(world: World, desk: SignIn) -> None:
    matter, client = report(), desk("community_secretary")
    sent = {"category": "E0102", "version": matter.version, "key": "0190"}
    first = client.post(action(matter, "file"), sent, follow=True)
    assert "现在等“派遣”" in first.content.decode()
    second = client.post(action(matter, "file"), sent, follow=True)
    assert "没有重复办理" in second.content.decode()
    assert again(matter).stage == "filed"


def test_bad_input_keeps_what_was_typed_and_names_the_field(world: World, desk: SignIn) -> None:
    matter = report()
    answer = desk("community_secretary").post(
        action(matter, "refuse"), {"reason": "不在辖区", "version": matter.version}
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "不在辖区" in text
    assert 'href="#id_basis"' in text


def test_a_stale_page_says_so_and_keeps_the_text(world: World, desk: SignIn) -> None:
    matter, client = report(), desk("community_secretary")
    perform(actor=world.actor("grid_worker"), matter=matter, action="look", data={"checked": "real"})
    answer = client.post(action(matter, "refuse"), {"reason": "不在辖区", "basis": "条例", "version": matter.version})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "刚被别人办过" in text
    assert "不在辖区" in text
    assert f'name="version" value="{again(matter).version}"' in text


def test_an_action_that_cannot_be_done_now_gives_the_reason_and_the_typed_text(world: World, desk: SignIn) -> None:
    matter, client = report(), desk("community_secretary")
    file(world, matter)
    answer = client.post(action(matter, "refuse"), {"reason": "不在辖区", "basis": "条例"})
    assert answer.status_code == 409
    assert "不在辖区" in answer.content.decode()


def test_htmx_gets_the_form_alone(world: World, desk: SignIn) -> None:
    answer = desk("community_secretary").get(action(report(), "file"), headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "<form" in text
    assert "<html" not in text


def test_an_expired_session_loses_nothing_that_was_typed(world: World, desk: SignIn) -> None:
    matter, client = report(), desk("community_secretary")
    client.session.flush()
    client.cookies.pop("sessionid")
    sent = client.post(action(matter, "refuse"), {"reason": "不在辖区", "basis": "条例"})
    assert sent.status_code == 302
    assert sent["Location"].startswith("/accounts/login/?next=/desk/m/")
    assert "不在辖区" not in str(dict(client.session))
    session = client.session
    actor = world.actor("community_secretary")
    signed_in = client_of(actor)
    later = signed_in.session
    later.update({key: value for key, value in session.items() if key.startswith("desk.")})
    later.save()
    text = signed_in.get(action(matter, "refuse")).content.decode()
    assert "不在辖区" in text
    assert "登录前填的内容" in text
    assert "不在辖区" not in signed_in.get(action(matter, "refuse")).content.decode()


def test_the_reporter_stays_covered_until_somebody_gives_a_reason(world: World, desk: SignIn) -> None:
    matter, client = report(name="王大妈"), desk("community_secretary")
    text = client.get(page(matter)).content.decode()
    assert "13887300001" not in text
    assert "王大妈" not in text
    reveal = reverse("desk:reveal", args=[matter.number])
    assert client.post(reveal, {"field": "phone", "reason": ""}).status_code == 400
    shown = client.post(reveal, {"field": "phone", "reason": "回访办理结果"}, headers={"HX-Request": "true"})
    assert "13887300001" in shown.content.decode()


def test_a_unit_without_the_reporters_leave_cannot_reveal_the_number(world: World, desk: SignIn) -> None:
    matter = report()
    file(world, matter)
    task = dispatch(world, matter)
    client = desk("department_handler", unit="water")
    assert "13887300001" not in client.get(page(task)).content.decode()
    reveal = reverse("desk:reveal", args=[task.number])
    assert client.post(reveal, {"field": "phone", "reason": "联系上门处理"}).status_code == 404


@pytest.mark.parametrize("leaf", ["sheet", "copy"])
def test_paper_and_group_chats_carry_no_personal_data(world: World, desk: SignIn, leaf: str) -> None:
    matter = report(name="王大妈", place="天马路 12 号")
    text = desk("community_secretary").get(reverse(f"desk:{leaf}", args=[matter.number])).content.decode()
    assert matter.number in text
    assert "13887300001" not in text
    assert "王大妈" not in text
    assert "垃圾好几天" not in text


def test_the_page_costs_the_same_for_three_entries_and_for_thirty(world: World, desk: SignIn) -> None:
    matter, client = report(), desk("community_secretary")
    file(world, matter)
    dispatch(world, matter)
    counts = []
    for _round in range(2):
        counts.append(statements(client, page(matter)))
        for _n in range(27):
            perform(actor=world.actor("street_dispatcher"), matter=matter, action="instruct",
                    data={"leader": "分管领导", "text": "抓紧"})  # fmt: skip
    assert counts[0] == counts[1]
    assert counts[0] <= 24


def test_whoever_has_no_post_is_told_what_to_do(world: World) -> None:
    from django.test import Client

    from linli.kernel import people
    from linli.kernel.people.models import Account

    client = Client()
    client.force_login(Account.objects.create_user("nobody", "x", person=people.create(name="新同事")),
                       backend="django.contrib.auth.backends.ModelBackend")  # fmt: skip
    answer = client.get("/desk/")
    assert answer.status_code == 403
    assert "没有可用的岗位" in answer.content.decode()
