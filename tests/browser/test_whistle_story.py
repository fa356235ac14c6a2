"""One whistle through all six links with five units, each person at their own screen; under axe.

The pictures of docs/walkthrough.md are taken by this test:
``LINLI_SHOTS=docs/screens/whistle pytest tests/browser/test_whistle_story.py``
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page

from linli.kernel import clock, worktime
from linli.kernel.matters.models import ClockRun, Matter
from linli.kernel.people.models import Account
from linli.kernel.posts.models import Unit
from linli.kernel.worktime import Limit
from linli.kernel.worktime import Unit as TimeUnit
from tests.support.world import COMMUNITY, STREET, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UNITS = {
    "water_affairs": ("蒙自市水务局", "department"),
    "urban": ("蒙自市城市管理局", "department"),
    "housing": ("蒙自市住房和城乡建设局", "department"),
    "drainage_co": ("蒙自市排水企业（示例）", "enterprise"),
    "property.01": ("示例物业服务企业（一）", "enterprise"),
}
LEAD, OBJECTS, OBJECTS_TOO, WAITS, NO_ACCOUNT = UNITS
SHOTS = os.environ.get("LINLI_SHOTS", "")


@dataclass
class Story:
    """Opens a page as somebody, fills the form of an action, keeps a picture of what they saw."""

    world: World
    open_page: Callable[..., Page]
    check: Callable[[Page], None]
    taken: int = 0

    def account(self, kind: str, unit: str = "") -> Account:
        actor = self.world.actor(kind, unit=unit) if unit else self.world.actor(kind)
        found = Account.objects.filter(person=actor.person).first()
        return found or Account.objects.create_user(f"{kind}-{unit}", "x", person=actor.person)

    def handler(self, unit: str) -> Account:
        kind = "enterprise_handler" if UNITS[unit][1] == "enterprise" else "department_handler"
        return self.account(kind, unit)

    def look(self, path: str, who: Account | None, name: str = "", width: int = 1366) -> Page:
        page = self.open_page(path, login=who, width=width)
        page.wait_for_load_state("networkidle")
        if name:
            self.check(page)
            self.picture(page, name)
        return page

    def act(self, matter: Matter, action: str, account: Account, shown: str = "", /, **fields: Any) -> None:
        """Do an action; ``fields`` are the form's. What is shown is done in the matter's page, beside its facts."""
        page = self.look(f"/desk/m/{matter.number}/" + ("" if shown else f"{action}/"), account)
        if shown:
            step = page.locator(f"a[href$='/{matter.number}/{action}/']").first
            if not step.is_visible():
                page.locator("summary:has-text('更多')").first.click()
            step.click()
            page.wait_for_selector("#act form")
        fill(page, fields)
        if shown:
            self.check(page)
            self.picture(page, shown)
        page.click(".act-panel button.button-primary")
        page.locator(".messages, .field-error, .error-summary").first.wait_for()
        assert page.locator(".message-success").count(), page.inner_text("main")
        page.close()

    def picture(self, page: Page, name: str) -> None:
        """Keep what is on the screen, few colours so that the file stays small."""
        self.taken += 1
        if not SHOTS:
            return
        width = (page.viewport_size or {"width": 1366})["width"]
        page.set_viewport_size({"width": width, "height": 900 if width > 400 else 780})
        page.evaluate("() => window.scrollTo(0, 0)")
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        file = Path(SHOTS) / f"{self.taken:02}-{name}.png"
        picture.quantize(64, dither=Image.Dither.NONE).save(file, optimize=True)


def fill(page: Page, fields: dict[str, Any]) -> None:
    """Fill fields by name, whatever they are drawn as."""
    for name, value in fields.items():
        found = page.locator(f".act-panel [name={name}], main form [name={name}]")
        tag = found.first.evaluate("e => e.tagName + ':' + (e.type || '')")
        if tag.startswith("SELECT") and not found.first.is_visible():
            search = page.locator("[role=combobox]").first  # the area tree: a search box over the select
            search.fill(str(value))
            page.locator("[role=option]:visible").first.click()
        elif tag.startswith("SELECT"):
            found.first.select_option(value)
        elif tag in {"INPUT:checkbox", "INPUT:radio"}:
            for one in value if isinstance(value, list) else [value]:
                page.locator(f"[name={name}][value='{one}']" if one is not True else f"[name={name}]").first.check()
        else:
            found.first.fill(str(value))


def now_field() -> str:
    return f"{clock.local(clock.now()):%Y-%m-%dT%H:%M}"


def arrival(words: str) -> dict[str, Any]:
    return {"arrived_at": now_field(), "place": "天马路桥头", "who": "分管副局长", "leader": True, "opinion": words}


def answer(words: str) -> dict[str, Any]:
    return {
        "result": "done", "spoke_with": "社区书记", "measures": words, "solved_by": clock.today().isoformat(),
    }  # fmt: skip


def approval_of(matter: Matter) -> Matter:
    return Matter.objects.get(parent=matter, kind="approval", is_open=True)


def share_of(whistle: Matter, unit: str) -> Matter:
    return Matter.objects.get(parent=whistle, kind="report_in", held_unit__code=unit)


def stage(matter: Matter) -> str:
    return Matter.objects.values_list("stage", flat=True).get(pk=matter.pk)


def test_one_whistle_runs_through_six_links_with_five_units(open_page, check, world: World) -> None:
    s = Story(world, open_page, check)
    units = {code: world.unit(code, kind=kind, name=name) for code, (name, kind) in UNITS.items()}
    world.unit("centre-532503", kind="centre", name="蒙自市调度中心")
    world.unit("street_office-532503003", kind="street_office", area=STREET, name="观澜街道办事处")
    world.unit("community-532503003002", kind="community", area=COMMUNITY, name="青云社区居民委员会")
    Unit.objects.filter(code=NO_ACCOUNT).update(has_accounts=False)
    street, leader = s.account("street_dispatcher"), s.account("street_leader")
    centre, shift, director = s.account("centre_dispatcher"), s.account("shift_leader"), s.account("centre_director")
    handlers = {code: s.handler(code) for code in UNITS if code != NO_ACCOUNT}

    # 问题收集: the street writes the order.
    page = s.look("/desk/whistles/new/", street)
    fill(page, {
        "type": "regular", "source": "03", "area": "青云社区", "place": "天马路桥头", "title": "污水外溢入河",
        "category": "E0404", "description": "桥头排水管破裂，污水流上路面、进了河沟，附近楼里也有反水。",
        "reason": "管网归排水企业，河道归水务，小区内归物业，街道没有维修权和执法权", "tried": "已设围挡，两次联系物业",
    })  # fmt: skip
    check(page)
    s.picture(page, "street-order")
    page.click("main form button.button-primary")
    page.wait_for_url("**/desk/m/W-**")
    whistle = Matter.objects.get(kind="whistle")

    # 街道吹哨: the leader agrees.
    s.act(whistle, "blow", street)
    asked = approval_of(whistle)
    s.act(asked, "approve", leader, "leader-approves", note="情况属实，同意吹哨")
    assert stage(whistle) == "blown"

    # 部门报到: the centre calls five units.
    others = [str(units[code].pk) for code in UNITS if code != LEAD]
    s.act(whistle, "dispatch", centre, "centre-calls-five", lead=str(units[LEAD].pk), assistants=others,
          note="水务局牵头，其余协办，三个工作日内到场")  # fmt: skip
    shares = {code: share_of(whistle, code) for code in UNITS}
    s.look(f"/desk/m/{whistle.number}/", centre, "whistle-with-five-shares")
    s.act(shares[LEAD], "sign", handlers[LEAD])
    s.look(f"/desk/m/{shares[LEAD].number}/", handlers[LEAD], "lead-signed")
    for code in (OBJECTS, OBJECTS_TOO, WAITS):
        s.act(shares[code], "sign", handlers[code])

    # One objects and is overruled.
    s.act(shares[OBJECTS], "object", handlers[OBJECTS], "urban-objects", reason="污水外溢点在河道管理范围内",
          basis="《城镇排水与污水处理条例》第五条", competent=str(units[LEAD].pk))  # fmt: skip
    first = Matter.objects.get(kind="objection", is_open=True)
    s.act(first, "overrule", shift, "shift-leader-overrules", ruling="路面冲洗和围挡属市容管理，由城管局协办")
    assert stage(first) == "overruled"

    # Another's objection is the second on this matter: it goes to the joint meeting.
    s.act(shares[OBJECTS_TOO], "object", handlers[OBJECTS_TOO], reason="小区外管网不属住建部门",
          basis="部门三定方案第四条", competent=str(units[WAITS].pk))  # fmt: skip
    second = Matter.objects.get(kind="objection", is_open=True)
    assert stage(second) == "joint"
    s.act(
        second,
        "overrule_jointly",
        director,
        "joint-meeting-rules",
        ruling="小区内反水由住建局督促物业整改，一锤定音",
        establishment_says="三定方案第七条：住建部门指导物业管理",
        justice_says="适用《物业管理条例》，职责清楚",
    )

    # A further try by the first is refused, in words.
    page = s.look(f"/desk/m/{shares[OBJECTS].number}/", handlers[OBJECTS])
    page.locator("summary:has-text('更多')").first.click()
    s.picture(page, "urban-tries-again")
    assert "每个单位只能提一次" in page.content()
    page = s.look(f"/desk/m/{shares[OBJECTS].number}/object/", handlers[OBJECTS])
    assert "每个单位只能提一次" in page.content()
    assert Matter.objects.filter(kind="objection").count() == 2

    # 处理反馈: each unit comes.
    for code in (LEAD, OBJECTS, OBJECTS_TOO, WAITS):
        name = "lead-on-site" if code == LEAD else ""
        s.act(shares[code], "arrive", handlers[code], name, **arrival("断管约八米，需换管并冲洗"))
    assert stage(whistle) == "handling"

    # The lead extends.
    due = ClockRun.objects.get(matter=shares[LEAD], clock="close").due_at
    later = worktime.due(due, Limit(2, TimeUnit.WORKING_DAY))
    s.act(shares[LEAD], "extend", handlers[LEAD], "lead-asks-for-time", reason="joint",
          due=f"{clock.local(later):%Y-%m-%dT%H:%M}", note="换管须会同排水企业停水施工")  # fmt: skip
    s.act(approval_of(shares[LEAD]), "approve", director, "centre-grants-time", note="同意，按计划施工")
    assert ClockRun.objects.get(matter=shares[LEAD], clock="close").due_at > due

    # One is suspended, with a date, agreed at two levels.
    planned = clock.today() + timedelta(days=10)
    s.act(shares[WAITS], "suspend", handlers[WAITS], "drainage-asks-to-suspend", pause_reason="engineering",
          planned_on=planned.isoformat(), meanwhile="已封堵断口，抽排车值守")  # fmt: skip
    s.act(approval_of(shares[WAITS]), "endorse", leader, note="情况属实")
    s.act(approval_of(shares[WAITS]), "approve", director, note="同意挂账")
    assert stage(shares[WAITS]) == "suspended"
    s.look(f"/desk/m/{shares[WAITS].number}/", handlers[WAITS], "drainage-on-account")

    # One has no account: a link, used on a phone, once for each step, dead when it is done.
    page = s.look(f"/desk/m/{shares[NO_ACCOUNT].number}/link/", centre)
    page.click("main form button.button-primary")
    page.wait_for_load_state("networkidle")
    check(page)
    s.picture(page, "centre-makes-a-link")
    found = re.search(r"/l/[^/\s]+/", page.input_value("#link-text"))
    assert found
    link = found.group()
    phone = s.look(link, None, "firm-on-a-phone", width=360)
    firm(phone, "sign", {})
    firm(phone, "arrive", arrival("小区检查井堵塞"))
    check(phone)
    s.picture(phone, "firm-on-site")
    firm(phone, "reply", answer("疏通小区检查井三处，加装防倒灌阀"))
    s.picture(phone, "firm-done")
    assert stage(shares[NO_ACCOUNT]) == "replied"
    assert open_page(link, width=360).locator("form [name=action]").count() == 0

    # The others answer; nothing closes before the last one.
    for code in (OBJECTS, OBJECTS_TOO):
        s.act(shares[code], "reply", handlers[code], **answer("已冲洗路面、督促整改"))
    s.act(
        shares[LEAD], "reply", handlers[LEAD], "lead-replies-in-four-elements", **answer("换管八米，河沟清淤，复查两次")
    )
    assert stage(whistle) == "handling"
    s.act(shares[WAITS], "resume", handlers[WAITS])
    s.act(shares[WAITS], "reply", handlers[WAITS], **answer("接口处已更换，管网恢复"))
    assert stage(whistle) == "fed_back"

    # 核实结项, by who handled nothing.
    s.act(
        whistle, "verify", s.account("street_inspector"), "inspector-verifies", way="on_site", note="现场已看，不再外溢"
    )

    # 综合评价: every unit by the street, the whole by the community.
    rated = {code: str(shares[code].pk) for code in UNITS}
    s.act(whistle, "rate_units", leader, "street-rates-units", good=[rated[LEAD], rated[WAITS], rated[NO_ACCOUNT]],
          fair=[rated[OBJECTS], rated[OBJECTS_TOO]])  # fmt: skip
    s.act(whistle, "rate_whole", s.account("community_secretary"), "community-judges", grade="good")
    assert stage(whistle) == "evaluated"
    s.look(f"/desk/m/{whistle.number}/", centre, "the-end")
    scores = dict(
        Matter.objects.filter(parent=whistle, kind="report_in").values_list("held_unit__code", "report_in__score")
    )
    assert scores[OBJECTS] < scores[LEAD]
    assert s.taken >= 20


def firm(page: Page, action: str, fields: dict[str, Any]) -> None:
    """Do a step on the page of a one-time link."""
    form = page.locator(f"form:has([name=action][value={action}])").first
    for _level in range(3):
        hidden = form.locator("xpath=ancestor::details[not(@open)]")
        if hidden.count():
            hidden.first.locator("summary").first.click()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]").first
        tag = field.evaluate("e => e.tagName + ':' + (e.type || '')")
        if tag.startswith("SELECT"):
            field.select_option(value)
        elif tag in {"INPUT:checkbox", "INPUT:radio"}:
            form.locator(f"[name={name}]" if value is True else f"[name={name}][value='{value}']").first.check()
        else:
            field.fill(str(value))
    form.locator("button").last.click()
    page.wait_for_load_state("networkidle")
