"""Addresses of the duty lists; mounted at ``/desk/duties/``."""

from __future__ import annotations

from django.urls import path

from linli.affairs.objections import views

app_name = "objections"

urlpatterns = [
    path("", views.items, name="items"),
    path("new/", views.put, name="put"),
    path("<uuid:item_id>/end/", views.end, name="end"),
]
