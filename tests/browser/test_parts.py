"""Each part in all its states, in a real browser, at every width and in every edition."""

from __future__ import annotations

import pytest

from tests.browser.conftest import WIDTHS, reach_by_tab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.support.gallery_urls"),
]

PAGES = ["", "forms/", "desk/", "matter/", "field/", "portal/", "wall/"]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_at_any_width(open_page, check, shot, name):
    for width in WIDTHS:
        page = open_page(f"/parts/{name}", width=width)
        shot(page, f"{name.strip('/') or 'parts'}-{width}")
        check(page)


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_the_elders_edition(open_page, check, shot, name):
    for width, size in ((360, 20), (360, 30), (1366, 20)):
        page = open_page(f"/parts/{name}", width=width, elder=size)
        shot(page, f"{name.strip('/') or 'parts'}-{width}-elder{size}")
        check(page)


@pytest.mark.parametrize("name", ["portal/", "forms/", "field/"])
def test_contrast_is_seven_to_one_for_elders(open_page, name):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(f"/parts/{name}", width=360, elder=True)
    found = Axe().run(
        page,
        options={
            "runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]},
            "rules": {"color-contrast-enhanced": {"enabled": True}},
        },
    )
    from tests.browser.conftest import describe

    assert found.violations_count == 0, describe(found.response["violations"])


@pytest.mark.parametrize("name", ["portal/", "field/", "forms/"])
def test_elders_have_large_targets(open_page, name):
    page = open_page(f"/parts/{name}", width=360, elder=True)
    small = page.evaluate(
        """() => [...document.querySelectorAll('a.button, button, select, .card-choice, .field-tabs a,'
          + ' summary, input[type=text], input[type=date], .portal-foot a')]
          .filter(e => e.offsetParent && !e.closest('.visually-hidden'))
          .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect().height])
          .filter(([, height]) => height < 59.5)"""
    )
    assert small == []


@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_reaches_everything(open_page, name):
    page = open_page(f"/parts/{name}")
    wanted = page.evaluate(
        """() => { const groups = new Set(); return [...document.querySelectorAll(
          'a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary,'
          + ' [tabindex="0"]')]
          .filter(e => e.checkVisibility ? e.checkVisibility() : e.offsetParent)
          .filter(e => { if (e.type !== 'radio') return true;
            if (groups.has(e.name)) return false; groups.add(e.name); return true; }).length }"""
    )
    assert len(reach_by_tab(page)) >= wanted


@pytest.mark.parametrize("name", PAGES)
def test_pages_stand_without_script(open_page, shot, name):
    page = open_page(f"/parts/{name}", script=False, width=360)
    assert page.locator("h1").first.inner_text()
    shot(page, f"{name.strip('/') or 'parts'}-360-noscript")


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/logout/", "/no-such-page/", "/accounts/signup/"])
def test_signing_in_and_error_pages_are_sound(open_page, check, shot, path):
    for width, elder in ((360, False), (1366, False), (360, True)):
        page = open_page(path, width=width, elder=elder)
        shot(page, f"entrance-{path.strip('/').replace('/', '-')}-{width}{'-elder' if elder else ''}")
        check(page)


def test_the_desk_moves_by_keyboard(open_page):
    page = open_page("/parts/desk/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert "C-20261121-00298" in page.locator("tr.is-current").inner_text()
    page.keyboard.press("x")
    assert page.locator("tr.is-current input[type=checkbox]").is_checked()
    page.keyboard.press("k")
    assert "W-20261121-00042" in page.locator("tr.is-current").inner_text()
    page.keyboard.press("/")
    assert page.evaluate("() => document.activeElement.name") == "q"


def test_an_area_is_found_by_pinyin_and_sent_by_its_code(open_page):
    page = open_page("/parts/forms/")
    box = page.locator("#id_fresh-area")
    box.fill("yinhe")
    assert page.locator(".picker-item").count() == 2
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.locator("select[name=fresh-area]").input_value() == "511"


def test_what_was_typed_is_offered_again(open_page):
    page = open_page("/parts/forms/")
    page.locator("#id_fresh-title").fill("路灯不亮")
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('draft:'))")
    page.reload()
    page.get_by_role("button", name="接着填").click()
    assert page.locator("#id_fresh-title").input_value() == "路灯不亮"


def test_a_form_is_sent_once(open_page):
    page = open_page("/parts/forms/")
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.evaluate(
        """() => { const form = document.querySelector('form[data-draft]'); form.noValidate = true;
          const button = form.querySelector('.button-primary'); button.click(); button.click(); }"""
    )
    page.wait_for_load_state("networkidle")
    assert len(posts) == 1


def test_a_chosen_photo_is_shown_at_once(open_page, tmp_path):
    from PIL import Image

    photo = tmp_path / "road.jpg"
    Image.new("RGB", (40, 30), "teal").save(photo)
    page = open_page("/parts/forms/")
    page.locator("input[name=fresh-photos]").set_input_files(str(photo))
    assert page.locator(".photo-item img").get_attribute("alt") == "road.jpg"


def test_the_map_grows_and_shrinks_by_keyboard(open_page):
    page = open_page("/parts/matter/")
    page.get_by_role("button", name="放大").press("Enter")
    assert page.locator(".map-drawing").get_attribute("viewBox").split()[2] == "500"
    page.get_by_role("button", name="看全图").press("Enter")
    assert page.locator(".map-drawing").get_attribute("viewBox").split()[2] == "800"


def test_a_clock_counts_on_by_itself_from_the_servers_moment(open_page):
    page = open_page("/parts/")
    page.clock.install()
    page.reload()
    chip = page.locator("[data-clock] [data-clock-words]").first
    before = chip.inner_text()
    page.clock.fast_forward(26 * 3600 * 1000 + 60000)
    assert "还剩" in before
    assert "已超时" in chip.inner_text()


def test_the_printed_sheet_has_no_bars_and_no_buttons(open_page):
    page = open_page("/parts/matter/")
    page.emulate_media(media="print")
    for gone in (".desk-bar", ".desk-nav", ".desk-keys", ".button"):
        assert not page.locator(gone).first.is_visible()
    assert page.locator(".timeline").is_visible()


@pytest.mark.parametrize("path", ["2fa/", "2fa/totp/activate/", "2fa/webauthn/add/", "sessions/", "password/change/"])
def test_sign_in_security_pages_are_sound(open_page, check, shot, path):
    from django.contrib.auth import get_user_model

    account = get_user_model().objects.create_user("diaodu", "correct horse battery")
    page = open_page("/accounts/login/", width=360)
    page.locator("#id_login").fill("diaodu")
    page.locator("#id_password").fill("correct horse battery")
    page.get_by_role("button", name="登录", exact=True).click()
    assert account.pk
    page.goto(page.url.split("/desk/")[0].split("/accounts/")[0] + f"/accounts/{path}")
    shot(page, f"security-{path.strip('/').replace('/', '-')}")
    check(page)
