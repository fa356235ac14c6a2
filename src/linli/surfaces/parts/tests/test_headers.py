"""The content security policy of an answer."""

from __future__ import annotations

from csp.constants import HEADER
from csp.decorators import csp_update
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from linli.surfaces.parts.headers import ContentSecurity


def directives(answer: HttpResponse) -> set[str]:
    return {part.strip() for part in answer[HEADER].split(";")}


def test_an_answer_gets_the_policy_of_the_settings() -> None:
    answer = ContentSecurity(lambda _: HttpResponse())(RequestFactory().get("/"))
    assert isinstance(answer, HttpResponse)
    assert directives(answer) == {part.strip() for part in build_policy().split(";")}
    assert "default-src 'self'" in directives(answer)


def test_an_answer_that_brings_its_own_keeps_it() -> None:
    answer = ContentSecurity(lambda _: HttpResponse(headers={HEADER: "sandbox"}))(RequestFactory().get("/"))
    assert answer[HEADER] == "sandbox"


def test_a_page_that_asks_for_more_gets_it_and_the_next_does_not() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return more(request) if request.path == "/more/" else HttpResponse()

    @csp_update({"img-src": ["https://tiles.example"]})  # type: ignore[untyped-decorator, unused-ignore]
    def more(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    middleware = ContentSecurity(page)
    for path, wider in {"/more/": True, "/": False}.items():
        answer = middleware(RequestFactory().get(path))
        assert ("https://tiles.example" in answer[HEADER]) is wider
