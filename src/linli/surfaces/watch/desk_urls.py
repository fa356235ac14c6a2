"""The status page of the desk."""

from __future__ import annotations

from django.urls import path

from linli.surfaces.watch import page

urlpatterns = [path("", page.status, name="status")]
