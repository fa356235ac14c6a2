"""What residents see of cases: 随手拍 in three steps, the story of a case, the public list."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.portal import public, report, story
from linli.surfaces.parts.registry import Door, register_door
from linli.surfaces.portal import registry

_loaded = story

registry.mount(
    path("report/", report.photo, name="report"),
    path("report/place/", report.place, name="report-place"),
    path("report/what/", report.what, name="report-what"),
    path("report/where/", report.where, name="report-where"),
    path("report/guess/", report.guess, name="report-guess"),
    path("public/", public.overview, name="public"),
    path("public/list/", public.listing, name="public-list"),
    path("public/<str:number>/", public.case, name="public-case"),
)
register_door(
    Door(
        key="snap",
        label=_("随手拍"),
        hint=_("拍一张，谁来办、几时办好都告诉您"),
        url_name="portal:report",
        icon="camera",
        order=10,
        tone="qing",
    )
)
register_door(
    Door(
        key="public",
        label=_("看公开"),
        hint=_("身边的事办得怎么样"),
        url_name="portal:public",
        icon="megaphone",
        order=30,
        tone="ink",
    )
)
