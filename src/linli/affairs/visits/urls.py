"""Addresses of the visits' pages on the desk; mounted at ``/desk/visits/``."""

from __future__ import annotations

from django.urls import path

from linli.affairs.visits import views

app_name = "visits"

urlpatterns = [
    path("members/", views.grid_members, name="members"),
    path("pairings/", views.pairings, name="pairings"),
    path("pairings/<uuid:pairing_id>/end/", views.end_pairing, name="end-pairing"),
    path("rounds/", views.begin_round, name="rounds"),
    path("rounds/<uuid:round_id>/end/", views.end_round, name="end-round"),
]
