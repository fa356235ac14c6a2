"""Addresses of the dispatch catalogue; mounted at ``/desk/dispatching/``."""

from __future__ import annotations

from django.urls import path

from linli.affairs.dispatching import views

app_name = "dispatching"

urlpatterns = [
    path("", views.index, name="index"),
    path("add/", views.add, name="add"),
    path("line/<str:code>/", views.edit, name="edit"),
    path("line/<str:code>/drop/", views.drop, name="drop"),
]
