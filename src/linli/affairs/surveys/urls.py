"""Addresses of the surveys' own pages; mounted at ``/desk/surveys/``."""

from __future__ import annotations

from django.urls import path

from linli.affairs.surveys import views

app_name = "surveys"

urlpatterns = [
    path("new/", views.new, name="new"),
    path("<str:number>/ask/", views.ask, name="ask"),
    path("<str:number>/look/", views.look, name="look"),
]
