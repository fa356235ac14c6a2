"""Each part in all its states, in a real browser, at every width and in every edition."""

from __future__ import annotations

import pytest
from tests.browser.conftest import WIDTHS, reach_by_tab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("linli.surfaces.parts.gallery.urlconf"),
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
        """() => [...document.querySelectorAll('a.button, button, select, .card-choice, .field-tabs a, summary,'
          + ' input[type=text], input[type=date], .portal-foot a')]
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
          'a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
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
