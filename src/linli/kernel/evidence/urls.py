"""Addresses of files; mounted at ``/files/``."""

from __future__ import annotations

from django.urls import path

from linli.kernel.evidence import views

app_name = "evidence"

urlpatterns = [
    path("", views.upload, name="upload"),
    path("<uuid:attachment_id>", views.full, name="full"),
    path("<uuid:attachment_id>/thumb", views.thumb, name="thumb"),
    path("<uuid:attachment_id>/public", views.public, name="public"),
]
