"""Addresses of volunteering on the desk; mounted at ``/desk/volunteering/``."""

from __future__ import annotations

from django.urls import path

from linli.affairs.volunteering.desk import certifying, confirming, looking, registers, running

app_name = "volunteering"

urlpatterns = [
    path("", running.mine, name="mine"),
    path("new/", running.new, name="new"),
    path("scan/", running.scan, name="scan"),
    path("confirm/", confirming.waiting, name="waiting"),
    path("flags/", looking.flags, name="flags"),
    path("flags/<uuid:flag_id>/", looking.judge, name="judge"),
    path("certificates/", certifying.counter, name="certificates"),
    path("certificates/<str:code>/", certifying.certificate, name="certificate"),
    path("teams/", registers.registers, name="registers"),
    path("teams/new/", registers.new_team, name="new-team"),
    path("teams/partner/", registers.new_partner, name="new-partner"),
    path("teams/fund/", registers.fund, name="fund"),
    path("teams/grant/", registers.new_grant, name="new-grant"),
    path("teams/<uuid:team_id>/", registers.team, name="team"),
    path("teams/<uuid:team_id>/change/", registers.change_team, name="change-team"),
    path("teams/<uuid:team_id>/export/", registers.export_team, name="export-team"),
    path("<str:number>/export/", registers.export_signups, name="export"),
    path("<str:number>/", running.roster, name="roster"),
    path("<str:number>/check/", running.check, name="check"),
    path("<str:number>/confirm/", confirming.of_activity, name="confirm"),
    path("<str:number>/sheet/", running.sheet, name="sheet"),
    path("<str:number>/poster/", running.poster, name="poster"),
]
