"""Addresses of the briefings' own pages; mounted at ``/desk/briefings/``."""

from __future__ import annotations

from django.urls import path

from linli.affairs.briefings import views

app_name = "briefings"

urlpatterns = [
    path("new/", views.new, name="new"),
    path("today.pdf", views.today, name="today"),
    path("<str:number>/paper.<str:form>", views.file, name="file"),
]
