"""The address of one-time links; mounted at ``/l/``, short enough to be typed from a paper."""

from __future__ import annotations

from django.urls import path

from linli.surfaces.desk.views import links

urlpatterns = [path("<str:token>/", links.bear, name="link")]
