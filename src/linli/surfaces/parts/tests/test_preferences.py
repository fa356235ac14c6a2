"""长辈版, navigation and errors through HTTP."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from linli.kernel.errors import NotHere, Stale
from linli.surfaces.parts import registry
from linli.surfaces.parts.errors import UserErrorMiddleware, server_error

pytestmark = pytest.mark.urls("tests.support.gallery_urls")


def test_one_tap_turns_on_the_elders_edition_and_it_is_remembered():
    client = Client()
    answer = client.post("/prefs/elder/", {"elder": "20", "next": "/parts/portal/"})
    assert answer["Location"] == "/parts/portal/"
    assert 'class="elder"' in client.get("/parts/portal/").content.decode()
    client.post("/prefs/elder/", {"elder": "24", "next": "/"})
    assert 'class="elder elder-24"' in client.get("/parts/portal/").content.decode()
    client.post("/prefs/elder/", {"elder": "0", "next": "/"})
    assert 'class=""' in client.get("/parts/portal/").content.decode()


def test_the_way_back_never_leads_to_another_site():
    answer = Client().post("/prefs/elder/", {"elder": "20", "next": "https://example.org/"})
    assert answer["Location"] == "/"


def test_an_entry_appears_only_when_its_address_exists():
    registry.register_nav("portal", registry.NavItem(key="t-no", label="无", url_name="nowhere", icon="x"))
    registry.register_nav("portal", registry.NavItem(key="t-yes", label="有", url_name="gallery:portal", icon="x"))
    keys = {entry.key for entry in registry.nav_for("portal", RequestFactory().get("/"))}
    assert "t-yes" in keys
    assert "t-no" not in keys


def test_a_stale_page_is_told_so_with_a_way_to_the_newest():
    request = RequestFactory().get("/x", headers={"referer": "http://testserver/desk/1/"})
    answer = UserErrorMiddleware(lambda _request: None).process_exception(request, Stale("别人已经办了这一步。"))
    assert answer.status_code == 409
    assert "别人已经办了这一步" in answer.content.decode()
    assert "http://testserver/desk/1/" in answer.content.decode()


def test_what_is_out_of_scope_looks_like_what_does_not_exist():
    answer = UserErrorMiddleware(lambda _request: None).process_exception(RequestFactory().get("/x"), NotHere())
    assert answer.status_code == 404


def test_a_fault_of_ours_is_not_hidden():
    assert UserErrorMiddleware(lambda _r: None).process_exception(RequestFactory().get("/"), ValueError()) is None


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "forms/", "desk/", "matter/", "field/", "portal/", "wall/"])
def test_the_gallery_answers_in_both_languages(name):
    for language in ("zh-hans", "en"):
        assert Client().get(f"/parts/{name}", headers={"accept-language": language}).status_code == 200


def test_an_unknown_page_says_so_in_chinese():
    answer = Client().get("/no-such-page/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()


def test_a_fault_of_ours_keeps_the_elders_edition():
    request = RequestFactory().get("/x")
    request.COOKIES["elder"] = "24"
    answer = server_error(request)
    assert answer.status_code == 500
    assert 'class="elder elder-24"' in answer.content.decode()
    assert "不是您的错" in answer.content.decode()
