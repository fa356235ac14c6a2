"""Addresses of the whistles' own pages; mounted at ``/desk/whistles/``."""

from __future__ import annotations

from django.urls import path

from linli.affairs.whistles import views

app_name = "whistles"

urlpatterns = [
    path("new/", views.new, name="new"),
    path("months/", views.months, name="months"),
    path("month/<int:year>-<int:month>/", views.month, name="month"),
    path("powers/", views.powers, name="powers"),
    path("powers/opinion/", views.opinion, name="opinion"),
]
