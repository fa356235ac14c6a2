"""Addresses of the proposals' own pages; mounted at ``/desk/proposals/``."""

from __future__ import annotations

from django.urls import path

from linli.affairs.proposals import views

app_name = "proposals"

urlpatterns = [
    path("new/", views.new, name="new"),
    path("<str:number>/letter.<str:form>", views.letter, name="letter"),
]
