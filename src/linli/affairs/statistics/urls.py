"""Addresses of the figures' own pages; mounted at ``/desk/statistics/``."""

from __future__ import annotations

from django.urls import path

from linli.affairs.statistics import views

app_name = "statistics"

urlpatterns = [
    path("", views.figures, name="figures"),
    path("export.<str:form>", views.export, name="export"),
    path("index/<slug:code>/", views.index, name="index"),
    path("scores/", views.scores, name="scores"),
    path("new/<slug:kind>/", views.begin, name="begin"),
    path("draws/", views.draws, name="draws"),
    path("draws/<int:year>-<int:month>.csv", views.pots, name="pots"),
]
