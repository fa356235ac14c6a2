"""Addresses for machines that watch."""

from __future__ import annotations

from django.urls import path

from linli.surfaces.watch import health

app_name = "watch"
urlpatterns = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
]
