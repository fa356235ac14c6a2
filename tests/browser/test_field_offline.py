"""The phone without a network: forty items and a killed browser, a server that fails, a store that is thrown away.

The browser is a real one with a profile on disk, so that it can be killed and opened again.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Error, Page, expect

from linli.kernel import evidence
from linli.kernel.evidence.models import Attachment
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor
from linli.surfaces.field.offline import taking
from tests.browser.conftest import ARGUMENTS, _session_of, chromium_path
from tests.support import lively
from tests.support import world as small
from tests.support.lively import Day

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("pages")]

PIN = "246810"
MANY = 40
PATIENCE = 60_000
Open = Callable[..., BrowserContext]


@pytest.fixture
def day(db: Any, settings: Any, tmp_path: Any) -> Day:
    settings.MEDIA_ROOT = tmp_path / "media"
    return lively.live(small.build())


@pytest.fixture
def worker(day: Day) -> Actor:
    return day.world.actor("community_worker")


@pytest.fixture
def a_phone(browser: Any, live_server: Any, worker: Actor, tmp_path: Any) -> Iterator[Open]:
    """Open the phone's browser on its profile: ``a_phone()``, and again after it was closed or killed."""
    opened: list[BrowserContext] = []
    session = _session_of(lively.account(worker))

    def open_it() -> BrowserContext:
        context: BrowserContext = browser.browser_type.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium_path(), args=ARGUMENTS, locale="zh-CN",
            viewport={"width": 360, "height": 780}, timezone_id="Asia/Shanghai", accept_downloads=True,
        )  # fmt: skip
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context

    yield open_it
    for context in opened:
        with contextlib.suppress(Error):  # it was killed
            context.close()


def picture(number: int) -> bytes:
    """A noisy photo, so that it has a size worth sending and none equals another."""
    chance = random.Random(number)
    image = Image.frombytes("RGB", (200, 150), chance.randbytes(200 * 150 * 3)).resize((1800, 1350))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=60)
    return out.getvalue()


def prepared(context: BrowserContext, home: str) -> Page:
    """Open the field online, set the PIN, and wait until the shell is kept."""
    page = context.new_page()
    page.goto(f"{home}/field/")
    page.wait_for_selector("[data-offline-start][data-ready]")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.goto(f"{home}/field/outbox/")
    page.wait_for_selector("#pin input[name=pin]")
    page.fill("#pin input[name=pin]", PIN)
    page.fill("#pin input[name=again]", PIN)
    page.click("#pin button")
    expect(page.get_by_text("离线密码已设好")).to_be_visible()
    return page


def without_network(context: BrowserContext, page: Page, home: str, path: str = "/field/") -> None:
    """Cut the network, open the field afresh, and unlock it."""
    context.set_offline(True)
    page.goto(home + path)
    page.fill("input[name=pin]", PIN)
    page.click("form button")
    page.wait_for_selector("[data-tabs] a")


def report(page: Page, number: int, photo: bytes) -> None:
    """Fill in one report in the shell."""
    page.click("[data-tabs] a >> nth=1")
    page.wait_for_selector("[data-offline-photos]")
    page.locator("input[name=category][type=radio]").nth(number % 4).check(force=True)
    if not page.locator("select[name=area]").input_value():
        page.select_option("select[name=area]", index=1)
    page.fill("textarea[name=description]", f"离线第 {number} 条")
    page.set_input_files("input[type=file]", {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": photo})
    page.wait_for_selector(".photo-item")
    page.click(".form-actions button")
    page.wait_for_selector(".form-actions button", state="detached")  # gone once the phone has kept the item


def states(page: Page) -> Counter[str]:
    """Return how many items the outbox shows in each state."""
    return Counter(page.eval_on_selector_all("[data-state]", "rows => rows.map(row => row.dataset.state)"))


def failing(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Let the server answer 500 to half of the items: some before the work is done, some after."""
    tried: Counter[str] = Counter()
    real = taking.take

    def take(person: Any, item: taking.Item) -> Any:
        tried[item.key] += 1
        fate = int(item.key.replace("-", ""), 16) % 4
        if tried[item.key] == 1 and fate == 0:
            raise RuntimeError("before")
        done = real(person, item)
        if tried[item.key] == 1 and fate == 1:
            raise RuntimeError("after")
        return done

    monkeypatch.setattr(taking, "take", take)
    return tried


def test_forty_items_survive_a_killed_browser_a_second_tab_and_a_failing_server(
    a_phone: Open, live_server: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = set(Matter.objects.values_list("pk", flat=True))
    tried = failing(monkeypatch)
    context = a_phone()
    page = prepared(context, live_server.url)
    without_network(context, page, live_server.url)
    for number in range(MANY):
        report(page, number, picture(number))
    page.click("[data-tabs] a >> nth=-1")
    page.wait_for_selector("[data-state]")
    assert states(page) == {"waiting": MANY}
    kill(tmp_path / "profile")

    context = a_phone()
    context.set_offline(True)
    page = context.new_page()
    page.goto(f"{live_server.url}/field/outbox/")
    page.fill("input[name=pin]", "000000")
    page.click("form button")
    expect(page.get_by_text("密码不对")).to_be_visible()
    page.fill("input[name=pin]", PIN)
    page.click("form button")
    page.wait_for_selector("[data-state]")
    assert states(page) == {"waiting": MANY}

    context.set_offline(False)
    second = context.new_page()
    for tab in (page, second):
        tab.goto(f"{live_server.url}/field/outbox/")
    for _round in range(8):
        page.wait_for_timeout(1500)
        if states(page) == {"done": MANY}:
            break
        page.evaluate("() => [...document.querySelectorAll('button')].find(b => b.textContent === '现在上传')?.click()")
    page.wait_for_function(f"() => document.querySelectorAll('[data-state=done]').length === {MANY}", timeout=PATIENCE)
    second.wait_for_function(
        f"() => document.querySelectorAll('[data-state=done]').length === {MANY}", timeout=PATIENCE
    )

    made = Matter.objects.exclude(pk__in=before).filter(kind="case")
    assert made.count() == MANY
    texts = {matter.case.description for matter in made.select_related("case")}
    assert texts == {f"离线第 {number} 条" for number in range(MANY)}
    assert len(tried) == MANY
    assert sum(count > 1 for count in tried.values()) >= MANY // 5
    for matter in made:
        (photo,) = evidence.of(matter.pk)
        assert max(photo.width or 0, photo.height or 0) == 1600
    assert Attachment.objects.filter(subject_id=None).count() == 0


def kill(profile: Path) -> None:
    """Kill the browser that runs on ``profile``, as a phone without memory does: no farewell, nothing flushed."""
    found = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(profile).encode() in command:
                os.kill(int(entry.name), signal.SIGKILL)
                found += 1
    assert found, "the browser is gone already"


def test_a_store_that_the_browser_threw_away_is_told_and_the_field_goes_on(
    a_phone: Open, live_server: Any, shot: Any
) -> None:
    context = a_phone()
    page = prepared(context, live_server.url)
    without_network(context, page, live_server.url)
    for number in range(2):
        report(page, number, picture(number))
    page.evaluate("() => indexedDB.databases().then(all => all.forEach(one => indexedDB.deleteDatabase(one.name)))")
    page.goto(f"{live_server.url}/field/outbox/")
    expect(page.get_by_text("原来有 2 条没上传")).to_be_visible()
    shot(page, "field-offline-lost")
    context.set_offline(False)
    page.goto(f"{live_server.url}/field/outbox/")
    page.get_by_role("button", name="知道了").click()
    expect(page.get_by_text("没有要上传的")).to_be_visible()


def test_after_three_days_the_list_is_gone_and_what_changed_meanwhile_is_shown(
    a_phone: Open, live_server: Any, day: Day, worker: Actor, shot: Any
) -> None:
    number = day.path("field", "answered").strip("/").split("/")[-1]
    context = a_phone()
    page = prepared(context, live_server.url)
    without_network(context, page, live_server.url)
    shot(page, "field-offline-today")
    page.click(f"a[href='/field/m/{number}/']")
    page.wait_for_selector(".thumb-actions")
    shot(page, "field-offline-matter")
    page.click(f"a[href='/field/m/{number}/verify/']")
    page.wait_for_selector("form")
    page.locator("input[name=way][value=on_site]").check(force=True)
    page.click(".form-actions button")
    page.wait_for_selector(".form-actions button", state="detached")
    page.click("[data-tabs] a >> nth=-1")
    page.wait_for_selector("[data-state=waiting]")

    three_days(page)
    page.goto(f"{live_server.url}/field/outbox/")
    expect(page.get_by_text("超过 72 小时没有联网")).to_be_visible()
    kept = page.evaluate(
        """() => new Promise(done => { const open = indexedDB.open('linli-field'); open.onsuccess = () => {
        const all = open.result.transaction('kept').objectStore('kept').getAllKeys();
        all.onsuccess = () => done(all.result); }; })"""
    )
    assert kept == []
    matter = Matter.objects.get(number=number)
    perform(actor=day.world.actor("community_secretary"), matter=matter, action="urge", data={"note": "请尽快"})

    context.set_offline(False)
    page.goto(f"{live_server.url}/field/outbox/")
    page.wait_for_selector("[data-state=conflict]")
    page.get_by_role("link", name="看看").click()
    expect(page.get_by_text("催办")).to_be_visible()
    shot(page, "field-offline-conflict")
    page.get_by_role("button", name="仍按我的办").click()
    page.wait_for_selector("[data-state=done]")
    matter.refresh_from_db()
    assert matter.stage == "verified"


def three_days(page: Page) -> None:
    """Let the store's own record say that the last contact was three days ago."""
    page.evaluate(
        """() => new Promise(done => { const open = indexedDB.open('linli-field'); open.onsuccess = () => {
        const meta = open.result.transaction('meta', 'readwrite').objectStore('meta');
        meta.get('current').onsuccess = ({target: {result: who}}) => {
          meta.get(`vault:${who}`).onsuccess = ({target: {result: row}}) => {
            meta.put({...row, until: Date.now() - 1000}, `vault:${who}`).onsuccess = () => done(true); }; }; }; })"""
    )


def test_what_cannot_be_sent_is_handed_in_at_a_desk_and_never_doubled(
    a_phone: Open, live_server: Any, tmp_path: Path, shot: Any
) -> None:
    context = a_phone()
    page = prepared(context, live_server.url)
    without_network(context, page, live_server.url)
    before = Matter.objects.filter(kind="case").count()
    for number in range(2):
        report(page, number, picture(number))
    page.click("[data-tabs] a >> nth=-1")
    shot(page, "field-offline-outbox")
    with page.expect_download() as saving:
        page.get_by_role("button", name="存成交接文件").click()
    file = tmp_path / "handin.json"
    saving.value.save_as(file)
    assert "离线第" not in file.read_text()

    context.set_offline(False)
    desk = context.new_page()
    desk.route("**/field/sync/", lambda route: route.abort())
    page.close()
    desk.goto(f"{live_server.url}/field/hand-in/")
    desk.set_input_files("#file", file)
    desk.get_by_role("button", name="上交").click()
    expect(desk.get_by_text("收下 2 条")).to_be_visible()
    desk.unroute("**/field/sync/")
    desk.goto(f"{live_server.url}/field/outbox/")
    desk.wait_for_function("() => document.querySelectorAll('[data-state=done]').length === 2")
    assert Matter.objects.filter(kind="case").count() == before + 2


def test_what_is_being_typed_stays_when_something_else_was_sent_meanwhile(a_phone: Open, live_server: Any) -> None:
    context = a_phone()
    page = prepared(context, live_server.url)
    without_network(context, page, live_server.url)
    page.click("[data-tabs] a >> nth=1")
    page.wait_for_selector("[data-offline-photos]")
    page.fill("textarea[name=description]", "写到一半")
    page.evaluate("() => document.activeElement.blur()")  # the keyboard is put away
    page.evaluate("() => new BroadcastChannel('linli-field').postMessage('changed')")  # as another tab's sending does
    page.wait_for_timeout(800)
    assert page.input_value("textarea[name=description]") == "写到一半"


def test_an_item_that_comes_back_is_mended_and_sent_with_its_photo(a_phone: Open, live_server: Any) -> None:
    context = a_phone()
    page = prepared(context, live_server.url)
    without_network(context, page, live_server.url)
    page.click("[data-tabs] a >> nth=1")
    page.wait_for_selector("[data-offline-photos]")
    page.locator("input[name=category][type=radio]").first.check(force=True)
    page.select_option("select[name=area]", value="")
    page.set_input_files("input[type=file]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture(1)})
    page.wait_for_selector(".photo-item")
    page.click(".form-actions button")
    page.wait_for_selector(".form-actions button", state="detached")  # gone once the phone has kept the item
    context.set_offline(False)
    page.goto(f"{live_server.url}/field/outbox/")
    page.wait_for_selector("[data-state=refused]")
    page.get_by_role("link", name="改一改再交").click()
    page.wait_for_selector(".photo-item")
    page.select_option("select[name=area]", index=1)
    page.click(".form-actions button")
    page.wait_for_selector("[data-state=done]")
    matter = Matter.objects.filter(kind="case").latest("opened_at")
    assert len(evidence.of(matter.pk)) == 1


def test_the_shell_is_sound(a_phone: Open, live_server: Any, check: Callable[[Page], None]) -> None:
    context = a_phone()
    page = prepared(context, live_server.url)
    without_network(context, page, live_server.url)
    page.errors = []  # type: ignore[attr-defined] # read by check()
    page.on("pageerror", lambda error: page.errors.append(str(error)))  # type: ignore[attr-defined] # as above
    for place in range(page.locator("[data-tabs] a").count()):
        page.locator("[data-tabs] a").nth(place).click()
        page.wait_for_timeout(300)
        check(page)
        page.set_viewport_size({"width": 360, "height": 780})
