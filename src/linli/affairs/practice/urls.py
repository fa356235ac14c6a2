"""Addresses of the exercises; outside a practice ground they are not there."""

from __future__ import annotations

from django.urls import path

from linli.affairs.practice import views

app_name = "practice"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:key>/", views.show, name="show"),
    path("<slug:key>/begin/", views.begin, name="begin"),
    path("<slug:key>/go/<int:place>/", views.go, name="go"),
]
