"""Addresses of the command centre; mounted at ``/command/``."""

from __future__ import annotations

from django.urls import path

from linli.surfaces.command.views import acting, arranging, boards, rows

app_name = "command"

urlpatterns = [
    path("", boards.home, name="home"),
    path("b/<slug:code>/", boards.board, name="board"),
    path("b/<slug:code>/live/", boards.live, name="live"),
    path("b/<slug:code>/tv/", boards.tv, name="tv"),
    path("b/<slug:code>/feed/<slug:key>/", boards.feed, name="feed"),
    path("b/<slug:code>/arrange/", arranging.arrange, name="arrange"),
    path("mode/", boards.mode, name="mode"),
    path("rows/", rows.rows, name="rows"),
    path("m/<str:number>/", acting.show, name="matter"),
    path("m/<str:number>/<slug:name>/", acting.act, name="act"),
]
