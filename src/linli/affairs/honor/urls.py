"""Addresses of the honor market on the desk; mounted at ``/desk/honor/``."""

from __future__ import annotations

from django.urls import path

from linli.affairs.honor.desk import catalogue, causes, corrections, counter, looks, people, shelf

app_name = "honor"

urlpatterns = [
    path("counter/", counter.counter, name="counter"),
    path("counter/<str:number>/", counter.handing, name="handing"),
    path("new/<slug:name>/", counter.new, name="new"),
    path("card/", people.card, name="card"),
    path("earn/", people.earn, name="earn"),
    path("earnings/", corrections.earnings, name="earnings"),
    path("earnings/<uuid:earning_id>/back/", corrections.take_back, name="take-back"),
    path("deduct/", corrections.deduct, name="deduct"),
    path("covenant/", corrections.covenant, name="covenant"),
    path("causes/", causes.causes, name="causes"),
    path("causes/<uuid:cause_id>/", causes.pass_on, name="pass-on"),
    path("link/", causes.link, name="link"),
    path("goods/", catalogue.goods, name="goods"),
    path("goods/new/", catalogue.good, name="good-new"),
    path("goods/<uuid:good_id>/", catalogue.good, name="good"),
    path("shops/new/", catalogue.shop, name="shop-new"),
    path("shops/<uuid:shop_id>/", catalogue.shop, name="shop"),
    path("merchant/", catalogue.merchant, name="merchant"),
    path("looks/", looks.looks, name="looks"),
    path("looks/<uuid:look_id>/", looks.judge, name="look"),
    path("budget/", people.budget, name="budget"),
    path("shelf/", shelf.shelf, name="shelf"),
    path("shelf/<uuid:shop_id>/in/", shelf.put_in, name="put-in"),
    path("shelf/<uuid:shop_id>/<uuid:stock_id>/", shelf.batch, name="batch"),
]
