"""The product's addresses with the gallery beside them; what tests and LINLI_DEBUG use."""

from __future__ import annotations

from django.urls import include, path

from linli.config.urls import handler500
from linli.config.urls import urlpatterns as product

urlpatterns = [*product, path("parts/", include("linli.surfaces.parts.gallery.urls"))]

__all__ = ["handler500", "urlpatterns"]
