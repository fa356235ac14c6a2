"""What residents see of volunteering: what is on nearby, their own services and hours, and what everybody may read."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _

from linli.affairs.volunteering.portal import arriving, mine, near, papers, public, story
from linli.surfaces.parts.registry import Door, register_door
from linli.surfaces.portal import registry

_loaded = story

registry.mount(
    path("volunteering/", near.near, name="volunteering"),
    path("volunteering/mine/", mine.mine, name="volunteer-mine"),
    path("volunteering/mine/certificates/", papers.certificates, name="volunteer-certificates"),
    path("volunteering/mine/certificates/<slug:code>.pdf", papers.certificate_pdf, name="volunteer-certificate"),
    path("volunteering/mine/certificates/<slug:code>/revoke/", papers.revoke, name="volunteer-revoke"),
    path("volunteering/mine/calendar/", papers.calendar, name="volunteer-calendar"),
    path("volunteering/verify/<slug:code>/", papers.verify, name="volunteer-verify"),
    path("volunteering/calendar/mine/<str:token>.ics", papers.own_calendar, name="volunteer-own-ics"),
    path("volunteering/calendar/<str:code>.ics", papers.area_calendar, name="volunteer-ics"),
    path("volunteering/open/", public.open_page, name="volunteer-open"),
    path("volunteering/open/<str:code>/", public.open_page, name="volunteer-open-area"),
    path("volunteering/mine/<str:number>/", mine.service, name="volunteer-service"),
    path("volunteering/at/<str:number>/", arriving.at, name="volunteer-at"),
    path("volunteering/a/<str:number>/", near.activity, name="volunteer-activity"),
)
register_door(
    Door(
        key="volunteering",
        label=_("志愿服务"),
        hint=_("附近的活动和积分任务、我的时长"),
        url_name="portal:volunteering",
        icon="hand-helping",
        order=26,
        tone="qing",
    )
)
