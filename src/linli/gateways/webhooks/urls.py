"""Addresses of the desk's pages for subscriptions to events; mounted at ``/desk/webhooks/``."""

from __future__ import annotations

from django.urls import path

from linli.gateways.webhooks import views

app_name = "webhooks"

urlpatterns = [
    path("", views.index, name="index"),
    path("<uuid:subscription_id>/", views.one, name="one"),
    path("<uuid:subscription_id>/<slug:what>/", views.act, name="act"),
]
