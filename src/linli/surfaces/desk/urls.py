"""Addresses of the desk; mounted at ``/desk/``."""

from __future__ import annotations

from django.urls import path

from linli.surfaces.desk.views import help as help_page
from linli.surfaces.desk.views import inbox, intake, lists, matter, notices, reveal, search

app_name = "desk"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("copy/", inbox.copy, name="inbox-copy"),
    path("post/", inbox.switch, name="switch"),
    path("urge/", inbox.urge, name="urge"),
    path("queues/", inbox.queues, name="queues"),
    path("queues/<slug:key>/", inbox.queue, name="queue"),
    path("m/<str:number>/", matter.show, name="matter"),
    path("m/<str:number>/sheet/", matter.sheet, name="sheet"),
    path("m/<str:number>/copy/", matter.copy, name="copy"),
    path("m/<str:number>/slip/", intake.slip, name="slip"),
    path("m/<str:number>/reveal/", reveal.reveal, name="reveal"),
    # After the pages of the desk's own: an action is the last word of its matter's address.
    path("m/<str:number>/<slug:name>/", matter.act, name="act"),
    path("intake/", intake.intake, name="intake"),
    path("intake/caller/", intake.caller, name="intake-caller"),
    path("intake/<slug:key>/", intake.intake, name="intake-of"),
    path("lists/", lists.index, name="lists"),
    path("lists/<slug:key>/", lists.show, name="list"),
    path("lists/<slug:key>/copy/", lists.copy, name="list-copy"),
    path("lists/<slug:key>/view/", lists.save_view, name="view-save"),
    path("lists/<slug:key>/export.<str:form>", lists.export, name="export"),
    path("views/<uuid:view_id>/drop/", lists.drop_view, name="view-drop"),
    path("search/", search.search, name="search"),
    path("messages/", notices.notices, name="notices"),
    path("messages/read/", notices.read, name="notices-read"),
    path("help/", help_page.show, name="help"),
]
