"""Addresses that belong to every shell."""

from __future__ import annotations

from django.urls import path

from linli.surfaces.parts import preferences

app_name = "parts"
urlpatterns = [path("prefs/elder/", preferences.set_elder, name="elder")]
