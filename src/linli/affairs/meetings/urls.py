"""Addresses of the meetings' own pages; mounted at ``/desk/meetings/``."""

from __future__ import annotations

from django.urls import path

from linli.affairs.meetings import views

app_name = "meetings"

urlpatterns = [
    path("new/", views.new, name="new"),
    path("<str:number>/minutes.<str:form>", views.minutes, name="minutes"),
]
