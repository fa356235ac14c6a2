"""The desk in a real browser: every page under axe, by keyboard, with script and without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from linli.affairs.cases.process import CASE
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.people.models import Account
from linli.kernel.posts.actors import resident_actor
from tests.support.world import COMMUNITY, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class Office:
    """A desk with work on it: somebody to sign in as, and matters in three stages."""

    world: World
    fresh: Matter
    filed: Matter
    sent: Matter
    task: Matter

    def account(self, kind: str, **where: Any) -> Account:
        """Return an account for a post's holder."""
        actor = self.world.actor(kind, **where)
        found = Account.objects.filter(person=actor.person).first()
        return found or Account.objects.create_user(str(actor.post_id), "x", person=actor.person)

    def pages(self) -> dict[str, list[str]]:
        """Return the addresses to look at, by the post that looks."""
        secretary = self.world.actor("community_secretary")
        return {
            "community_secretary": [
                "/desk/",
                f"/desk/m/{self.fresh.number}/",
                f"/desk/m/{self.sent.number}/",
                f"/desk/m/{self.filed.number}/dispatch/",
                f"/desk/m/{self.fresh.number}/sheet/",
                f"/desk/m/{self.fresh.number}/copy/",
                f"/desk/m/{self.fresh.number}/slip/",
                f"/desk/m/{self.task.number}/link/",
                "/desk/intake/",
                "/desk/queues/",
                "/desk/queues/file/",
                "/desk/lists/cases/",
                "/desk/lists/tasks/",
                "/desk/search/?q=垃圾",
                "/desk/messages/",
                "/desk/roster/",
                "/desk/posts/",
                f"/desk/units/{secretary.unit_id}/",
                f"/desk/posts/{secretary.post_id}/",
                "/desk/policy/",
                "/desk/policy/cases.callback/",
                "/desk/calendar/",
                "/desk/help/",
            ],
            "policy_officer": [
                "/desk/policy/cases.callback/edit/",
                "/desk/calendar/",
                "/desk/dispatching/",
                "/desk/dispatching/add/",
                "/desk/dispatching/line/lamp/",
                "/desk/dispatching/line/lamp/drop/",
            ],
            "system_admin": [
                f"/desk/units/{secretary.unit_id}/",
                f"/desk/units/{secretary.unit_id}/name/",
                f"/desk/units/{secretary.unit_id}/merge/",
            ],
            "auditor": ["/desk/audit/", "/desk/audit/seals/", "/desk/"],
        }


@pytest.fixture
def office(world: World) -> Office:
    def report(n: int) -> Matter:
        data = {"description": "楼下垃圾好几天没人收", "area": COMMUNITY, "phone": f"1388730000{n}", "place": "天马路"}
        return perform(process=CASE, action="report", actor=resident_actor(), data=data).matter

    fresh, filed, sent = report(1), report(2), report(3)
    secretary = world.actor("community_secretary")
    for matter in (filed, sent):
        perform(actor=secretary, matter=matter, action="file", data={"category": "E0102"})
    perform(actor=secretary, matter=sent, action="dispatch", data={"lead": world.unit("water").pk, "assistants": []})
    return Office(world, fresh, filed, sent, Matter.objects.get(parent=sent, kind="task"))


@pytest.mark.parametrize("post", ["community_secretary", "policy_officer", "auditor"])
def test_axe_finds_nothing_on_any_page(open_page, check, shot, office, post):
    account = office.account(post)
    for address in office.pages()[post]:
        page = open_page(address, login=account)
        shot(page, f"desk-{post}-{address.strip('/').replace('/', '-').partition('?')[0]}")
        check(page)


@pytest.mark.parametrize(("width", "elder"), [(768, False), (1366, True)])
def test_the_main_pages_hold_on_a_narrow_screen_and_in_large_type(open_page, check, shot, office, width, elder):
    account = office.account("community_secretary")
    for address in ("/desk/", f"/desk/m/{office.sent.number}/", "/desk/intake/", "/desk/lists/cases/"):
        page = open_page(address, width=width, login=account, elder=elder)
        shot(page, f"desk-{address.strip('/').replace('/', '-')}-{width}{'-elder' * elder}")
        check(page)


def test_a_case_is_filed_by_keyboard_alone(open_page, office):
    page = open_page("/desk/queues/file/", login=office.account("community_secretary"))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/m/**")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("e")
    page.wait_for_selector("#act form")
    page.locator("#act select[name=category]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".message-success")
    assert "已办好" in page.inner_text(".messages")
    assert page.errors == []


def test_without_script_the_form_is_a_page_of_its_own(open_page, office):
    page = open_page(f"/desk/m/{office.fresh.number}/", login=office.account("community_secretary"), script=False)
    page.click("a.button-primary")
    assert page.url.endswith("/file/")
    page.select_option("select[name=category]", "E0102")
    page.click(".act-panel button.button-primary")
    assert "现在等“派遣”" in page.inner_text(".messages")


def test_the_callers_matters_appear_while_the_number_is_typed(open_page, office):
    page = open_page("/desk/intake/", login=office.account("community_secretary"))
    page.fill("input[name=caller_phone]", "13887300001")
    page.wait_for_selector(f"#caller a:has-text('{office.fresh.number}')")
    assert page.errors == []


def test_a_covered_number_opens_in_place_for_a_reason(open_page, office):
    page = open_page(f"/desk/m/{office.fresh.number}/", login=office.account("community_secretary"))
    page.click(".mask-reveal summary")
    page.select_option(".mask-reveal select", index=1)
    page.click(".mask-reveal button")
    page.wait_for_selector(".mask-note")
    assert "13887300001" in page.inner_text(".facts")


def test_a_link_is_used_on_a_phone_without_an_account(open_page, check, office):
    from linli.kernel.posts import services

    actor = office.world.actor("community_secretary")
    issued = services.issue_link(actor=actor, unit=office.task.held_unit, subject_id=office.task.pk, purpose="handle")
    page = open_page(f"/l/{issued.token}/", width=360)
    check(page)
    page.click("text=签收 >> nth=-1")
    page.wait_for_load_state()
    assert "处置中" in page.content()
    check(page)
