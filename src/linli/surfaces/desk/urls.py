"""Addresses of the desk; mounted at ``/desk/``."""

from __future__ import annotations

from django.urls import path

from linli.surfaces.desk.views import (
    audit,
    calendar,
    inbox,
    intake,
    links,
    lists,
    matter,
    notices,
    policy,
    posts,
    reveal,
    roster,
    search,
    units,
)
from linli.surfaces.desk.views import help as help_page

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
    path("m/<str:number>/link/", links.issue, name="link"),
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
    path("links/<uuid:link_id>/revoke/", links.revoke, name="link-revoke"),
    path("roster/", roster.roster, name="roster"),
    path("roster/<uuid:shift_id>/strike/", roster.strike, name="shift-strike"),
    path("roster/<uuid:shift_id>/hand-over/", roster.hand_over, name="hand-over"),
    path("roster/confirm/<uuid:hand_over_id>/", roster.confirm, name="hand-over-confirm"),
    path("posts/", posts.index, name="posts"),
    path("posts/<uuid:post_id>/", posts.post, name="post"),
    path("units/<uuid:unit_id>/", posts.unit, name="unit"),
    path("units/<uuid:unit_id>/name/", units.rename, name="unit-rename"),
    path("units/<uuid:unit_id>/merge/", units.merge, name="unit-merge"),
    path("holdings/<uuid:holding_id>/end/", posts.leave_post, name="holding-end"),
    path("holdings/<uuid:holding_id>/account/", posts.account, name="holding-account"),
    path("holdings/<uuid:holding_id>/leave/", posts.take_leave, name="leave"),
    path("leaves/<uuid:leave_id>/end/", posts.end_leave, name="leave-end"),
    path("policy/", policy.index, name="policies"),
    path("policy/<str:name>/", policy.show, name="policy"),
    path("policy/<str:name>/edit/", policy.edit, name="policy-edit"),
    path("policy/<str:name>/<int:number>/", policy.decide, name="policy-decide"),
    path("calendar/", calendar.show, name="calendar"),
    path("audit/", audit.show, name="audit"),
    path("audit/seals/", audit.seals, name="seals"),
    path("audit/<slug:key>.<str:form>", audit.export, name="audit-export"),
    path("help/", help_page.show, name="help"),
]
