"""Addresses of the honor market on the desk; mounted at ``/desk/honor/``."""

from __future__ import annotations

from django.urls import path

from linli.affairs.honor.desk import counter, people, shelf

app_name = "honor"

urlpatterns = [
    path("counter/", counter.counter, name="counter"),
    path("counter/<str:number>/", counter.handing, name="handing"),
    path("new/<slug:name>/", counter.new, name="new"),
    path("card/", people.card, name="card"),
    path("earn/", people.earn, name="earn"),
    path("budget/", people.budget, name="budget"),
    path("shelf/", shelf.shelf, name="shelf"),
    path("shelf/<uuid:shop_id>/in/", shelf.put_in, name="put-in"),
    path("shelf/<uuid:shop_id>/<uuid:stock_id>/", shelf.batch, name="batch"),
]
