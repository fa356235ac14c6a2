"""Addresses of the API; mounted at ``/api/v1/``."""

from __future__ import annotations

from django.urls import path

from linli.surfaces.api import matters, problems, reading, registry
from linli.surfaces.api.openapi import DESCRIPTION, Linli


def build() -> Linli:
    """Return the API with what every room, affair and gateway added to it."""
    api = Linli(
        title="Linli 邻里",
        version="1.0.0",
        description=DESCRIPTION,
        urls_namespace="api",
        docs_url=None,
        openapi_url="/openapi.json",
    )
    problems.install(api)
    api.add_router("", matters.build())
    api.add_router("", reading.router)
    for prefix, router in registry.routers.items():
        api.add_router(prefix, router)
    return api


api = build()
urlpatterns = [path("", api.urls)]
