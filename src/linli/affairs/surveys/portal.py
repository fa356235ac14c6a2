"""What the public reads of surveys."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from linli.affairs.surveys import selectors, showing
from linli.surfaces.parts.registry import NavItem, register_nav
from linli.surfaces.portal import registry

NEWEST = 50


@require_GET
def surveys(request: HttpRequest) -> HttpResponse:
    """The published surveys, newest first."""
    return render(request, "surveys/portal/surveys.html", {"surveys": selectors.published()[:NEWEST]})


@require_GET
def survey(request: HttpRequest, number: str) -> HttpResponse:
    """One published survey: who was asked, what came out, how sure it is."""
    one = selectors.published_one(number)
    context = {
        "survey": one,
        "frame": showing.frame_words(one),
        "response": showing.response_words(selectors.progress(one)),
        **showing.shown(one),
    }
    return render(request, "surveys/portal/survey.html", context)


registry.mount(
    path("surveys/", surveys, name="surveys"),
    path("surveys/<str:number>/", survey, name="survey"),
)
register_nav(
    "portal",
    NavItem(key="surveys", label=gettext_lazy("满意度调查"), url_name="portal:surveys", icon="chart-column", order=62),
)
