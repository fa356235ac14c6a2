"""Every address of the product; the permission matrix is made from this list."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

handler500 = "linli.surfaces.parts.errors.server_error"

urlpatterns = [
    path("files/", include("linli.kernel.evidence.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("linli.surfaces.parts.urls")),
    path("", include("linli.surfaces.watch.urls")),
    path("desk/practice/", include("linli.affairs.practice.urls")),
    path("desk/status/", include("linli.surfaces.watch.desk_urls")),
    path("desk/hotline/", include("linli.gateways.hotline.urls")),
    path("desk/webhooks/", include("linli.gateways.webhooks.urls")),
    path("desk/meetings/", include("linli.affairs.meetings.urls")),
    path("desk/surveys/", include("linli.affairs.surveys.urls")),
    path("desk/briefings/", include("linli.affairs.briefings.urls")),
    path("desk/proposals/", include("linli.affairs.proposals.urls")),
    path("desk/honor/", include("linli.affairs.honor.urls")),
    path("desk/volunteering/", include("linli.affairs.volunteering.urls")),
    path("desk/registry/", include("linli.affairs.registry.urls")),
    path("desk/duties/", include("linli.affairs.objections.urls")),
    path("desk/dispatching/", include("linli.affairs.dispatching.urls")),
    path("desk/whistles/", include("linli.affairs.whistles.urls")),
    path("desk/statistics/", include("linli.affairs.statistics.urls")),
    path("desk/supervision/", include("linli.affairs.supervision.urls")),
    path("desk/visits/", include("linli.affairs.visits.urls")),
    path("desk/gridding/", include("linli.affairs.gridding.urls")),
    path("desk/", include("linli.surfaces.desk.urls")),
    path("l/", include("linli.surfaces.desk.link_urls")),
    path("command/", include("linli.surfaces.command.urls")),
    path("field/", include("linli.surfaces.field.urls")),
    path("api/v1/", include("linli.surfaces.api.urls")),
    path("", include("linli.surfaces.portal.urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("parts/", include("linli.surfaces.parts.gallery.urls")))
