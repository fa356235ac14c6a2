"""Addresses of supervision's own pages; mounted at ``/desk/supervision/``."""

from __future__ import annotations

from django.urls import path

from linli.affairs.supervision import views

app_name = "supervision"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("new/", views.new, name="new"),
]
