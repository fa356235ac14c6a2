"""Addresses of the registry's own pages; mounted at ``/desk/registry/``."""

from __future__ import annotations

from django.urls import path

from linli.affairs.registry.desk import (
    acts,
    batches,
    cards,
    drawn,
    entering,
    exports,
    figures,
    find,
    households,
    houses,
    judging,
    tables,
    vault,
)

app_name = "registry"

urlpatterns = [
    path("", find.find, name="find"),
    path("map/", drawn.show, name="map"),
    path("place/", find.place, name="place"),
    path("new/", entering.resident, name="new"),
    path("new/organisation/", entering.organisation, name="new-organisation"),
    path("new/house/", houses.new, name="new-house"),
    path("residents/<uuid:key>/", cards.resident, name="resident"),
    path("residents/<uuid:key>/vault/", vault.show, name="vault"),
    path("residents/<uuid:key>/vault/keep/", vault.keep, name="vault-keep"),
    path("residents/<uuid:key>/<slug:name>/", acts.act, name="act"),
    path("houses/<uuid:key>/", cards.house, name="house"),
    path("houses/<uuid:key>/household/", households.new, name="household-new"),
    path("houses/<uuid:key>/same/", houses.same, name="house-same"),
    path("houses/<uuid:key>/apart/", houses.apart, name="house-apart"),
    path("houses/<uuid:key>/<slug:name>/", houses.act, name="house-act"),
    path("households/<uuid:key>/", households.household, name="household"),
    path("households/<uuid:key>/<slug:name>/", households.act, name="household-act"),
    path("organisations/<uuid:key>/", cards.organisation, name="organisation"),
    path("imports/", batches.index, name="imports"),
    path("imports/<uuid:key>/", batches.batch, name="batch"),
    path("imports/<uuid:key>/columns/", batches.remap, name="remap"),
    path("imports/<uuid:key>/progress/", batches.progress, name="progress"),
    path("imports/<uuid:key>/annotated.xlsx", batches.annotated, name="annotated"),
    path("imports/<uuid:key>/<slug:name>/", batches.step, name="step"),
    path("exports/", exports.index, name="exports"),
    path("exports/<uuid:key>/take/", exports.take, name="export-take"),
    path("twins/", judging.index, name="twins"),
    path("twins/look/", judging.look, name="look"),
    path("twins/<uuid:key>/<slug:name>/", judging.judge, name="judge"),
    path("analysis/", figures.analysis, name="analysis"),
    path("analysis/save/", figures.save, name="analysis-save"),
    path("analysis/<uuid:key>/drop/", figures.drop, name="analysis-drop"),
    path("tables/", tables.index, name="tables"),
    path("tables/<str:number>/fill/", tables.fill, name="fill"),
    path("tables/<str:number>/table.xlsx", tables.download, name="table"),
    path("impact/", figures.impact, name="impact"),
    path("lookups/", figures.lookups, name="lookups"),
]
