"""Addresses of the portal, mounted at ``/``: its own pages and those that affairs put up."""

from __future__ import annotations

from django.urls import path

from linli.surfaces.portal import registry
from linli.surfaces.portal.views import home, me, track

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("help/", home.help_page, name="help"),
    path("helper/", home.helper, name="helper"),
    path("find/", me.enter, name="find"),
    path("me/", me.me, name="me"),
    path("me/enter/", me.enter, name="enter"),
    path("me/leave/", me.leave, name="leave"),
    path("me/looks/", me.looks, name="looks"),
    path("me/data/", me.data, name="data"),
    path("me/<str:number>/", me.own, name="own"),
    path("t/<str:number>/<str:secret>/", track.track, name="track"),
    path("t/<str:number>/<str:secret>/sent/", track.sent, name="sent"),
    path("t/<str:number>/<str:secret>/card.png", track.card, name="card"),
    path("t/<str:number>/<str:secret>/do/<slug:name>/", track.act, name="act"),
    *registry.mounted(),
]
