"""What residents see of the honor market: their points, the shelf, pick-up codes, giving, and the public page."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _

from linli.affairs.honor.portal import causes, home, kin, mine, public, story
from linli.surfaces.parts.registry import Door, register_door
from linli.surfaces.portal import registry

_loaded = story

registry.mount(
    path("honor/", home.home, name="honor"),
    path("honor/join/", home.join, name="honor-join"),
    path("honor/goods/<uuid:good_id>/", home.good, name="honor-good"),
    path("honor/mine/", mine.statement, name="honor-statement"),
    path("honor/mine/statement.csv", mine.statement_csv, name="honor-statement-csv"),
    path("honor/mine/give/", mine.give, name="honor-give"),
    path("honor/mine/titles/", mine.titles, name="honor-titles"),
    path("honor/mine/credit/", mine.credit, name="honor-credit"),
    path("honor/mine/family/", kin.family, name="honor-family"),
    path("honor/mine/received/", kin.received, name="honor-received"),
    path("honor/mine/<str:number>/give/", mine.give_on, name="honor-give-on"),
    path("honor/causes/", causes.causes, name="honor-causes"),
    path("honor/causes/<uuid:cause_id>/", causes.give, name="honor-cause"),
    path("honor/mine/<str:number>/", mine.redemption, name="honor-redemption"),
    path("honor/credit/<uuid:statement_id>/", public.statement, name="honor-credit-statement"),
    path("honor/gifts/", public.gifts, name="honor-gifts"),
    path("honor/gifts/new/", public.offer, name="honor-offer"),
    path("honor/rules/", public.rules, name="honor-rules"),
    path("honor/covenant/<str:code>/", public.covenant, name="honor-covenant"),
    path("honor/open/", public.figures, name="honor-open"),
    path("honor/open/<str:code>/", public.figures, name="honor-open-area"),
)
register_door(
    Door(
        key="honor",
        label=_("荣誉超市"),
        hint=_("积分、兑换、转赠、捐赠"),
        url_name="portal:honor",
        icon="store",
        order=25,
        tone="rice",
    )
)
