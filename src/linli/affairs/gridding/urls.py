"""Addresses of drafts of grids; mounted at ``/desk/gridding/``."""

from __future__ import annotations

from django.urls import path

from linli.affairs.gridding import views

app_name = "gridding"

urlpatterns = [
    path("", views.drafts, name="drafts"),
    path("<uuid:draft_id>/", views.draft, name="draft"),
    path("<uuid:draft_id>/<slug:what>/", views.change, name="change"),
]
