"""Addresses of the desk's pages for orders of other systems; mounted at ``/desk/hotline/``."""

from __future__ import annotations

from django.urls import path

from linli.gateways.hotline import views

app_name = "hotline"

urlpatterns = [
    path("", views.index, name="index"),
    path("replies.xlsx", views.replies_file, name="replies"),
    path("<uuid:batch_id>/", views.batch, name="batch"),
    path("<uuid:batch_id>/apply/", views.apply, name="apply"),
    path("<uuid:batch_id>/progress/", views.progress, name="progress"),
]
