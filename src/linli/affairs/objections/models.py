"""Duty lists, the catalogue of who is called, and objections to a dispatch."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Post, Unit
from linli.kernel.storage.models import Row


class DutyItem(Row):
    """An item of a duty list (权责清单), in force from a day until another; never changed, only ended."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("部门职责")
        STREET_BASIC = "street_basic", _("街道基本履职")
        STREET_ASSIST = "street_assist", _("街道配合履职")
        TAKEN_BACK = "taken_back", _("上级收回")

    code = models.CharField(_("清单代码"), max_length=40)
    kind = models.CharField(_("清单"), max_length=16, choices=Kind)
    title = models.CharField(_("事项"), max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="duty_items")
    category = models.CharField(_("类别"), max_length=24, blank=True)
    basis = models.CharField(_("依据"), max_length=300)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True)

    class Meta:
        verbose_name = _("权责清单条目")
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="objections_one_live_item"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="objections_item_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Objection(models.Model):
    """A unit's objection to a dispatch (退单异议): one for each unit and matter, ruled on, final at the second."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="objection")
    about = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="objections")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("理由"), max_length=300)
    basis = models.CharField(_("法律依据"), max_length=200, blank=True)
    item = models.ForeignKey(DutyItem, on_delete=models.PROTECT, null=True, related_name="+")
    competent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    joint = models.BooleanField(_("联席会议"), default=False)
    sustained = models.BooleanField(_("成立"), null=True)
    ruled_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    ruling = models.CharField(_("裁定理由"), max_length=500, blank=True)
    establishment_says = models.CharField(_("编办意见"), max_length=300, blank=True)
    justice_says = models.CharField(_("司法局意见"), max_length=300, blank=True)
    ruled_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("派单异议")
        constraints = [models.UniqueConstraint(fields=["about", "unit"], name="objections_one_objection_for_each_unit")]


class CatalogueEntry(Row):
    """Who leads in a category and place, and on what ruling it rests (派单目录); ended, never changed."""

    category = models.CharField(_("类别"), max_length=24)
    area_code = models.CharField(_("区域编码"), max_length=24, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(_("依据"), max_length=300)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, null=True, related_name="entries")
    valid_from = models.DateTimeField(_("自"))
    valid_to = models.DateTimeField(_("至（不含）"), null=True)

    class Meta:
        verbose_name = _("派单目录条目")
        constraints = [
            models.UniqueConstraint(
                fields=["category", "area_code"], condition=Q(valid_to__isnull=True), name="objections_one_live_entry"
            ),
        ]
