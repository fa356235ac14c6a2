"""Addresses of the field, mounted at ``/field/``: its own pages and those that affairs put up."""

from __future__ import annotations

from django.urls import path

from linli.surfaces.field import registry
from linli.surfaces.field.views import matter, me, offline, today

app_name = "field"

urlpatterns = [
    path("", today.today, name="today"),
    path("manifest.webmanifest", today.manifest, name="manifest"),
    path("sw.js", offline.service_worker, name="sw"),
    path("offline/", offline.shell, name="offline"),
    path("outbox/", offline.shell, name="outbox"),
    path("pack/", offline.day, name="pack"),
    path("keys/", offline.lend_keys, name="keys"),
    path("sync/", offline.sync, name="sync"),
    path("hand-in/", offline.hand_in, name="hand-in"),
    path("m/<str:number>/", matter.show, name="matter"),
    path("m/<str:number>/<slug:name>/", matter.act, name="act"),
    path("me/", me.me, name="me"),
    path("me/post/", me.switch, name="switch"),
    path("me/leave/", me.leave, name="leave"),
    path("me/back/", me.back, name="back"),
    path("me/sign-over/", me.sign_over, name="sign-over"),
    path("me/take-over/", me.take_over, name="take-over"),
    *registry.mounted(),
]
