"""How many lie in each building: what large places are counted from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.affairs.registry.models.places import Building
from linli.kernel.areas.models import Area


class Headcount(models.Model):
    """How many of what a building had when all was counted last; a row without a building: what lies in no house.

    A district's million homes are added up from some thousand rows. A household with several houses counts in one.
    """

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.CASCADE, null=True, related_name="+")
    houses = models.IntegerField(_("房屋"))
    empty = models.IntegerField(_("空置"))
    let = models.IntegerField(_("出租"))
    households = models.IntegerField(_("户"))
    residents = models.IntegerField(_("居民"))
    organisations = models.IntegerField(_("组织"))
    at = models.DateTimeField(_("数的时间"))

    class Meta:
        verbose_name = _("楼幢里有多少")

    def __str__(self) -> str:
        return f"Headcount {self.building_id}"
