"""On the spot: one screen, one photo; and the second look at a random share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms.common import CategoryField, CategoryForm, PlaceForm, photos, words
from linli.kernel.matters import ActionForm


class SettleForm(PlaceForm, CategoryForm):
    """What was put right, where, with a photo."""

    category = CategoryField()
    description = words(_("做了什么"), 200, required=False, rows=2)
    photos = photos()
    unrecorded = ("lon", "lat", "place")


class LookForm(ActionForm):
    """What the second look saw."""

    note = words(_("复看情况"), 200, required=False, rows=2)
    photos = photos()


class DoubtForm(ActionForm):
    """Why it was not put right."""

    reason = words(_("哪里不属实"), 200)
    photos = photos()
