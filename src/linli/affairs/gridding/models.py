"""A draft of a community's grids: which building would lie in which."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.areas.models import Area
from linli.kernel.posts.models import Post
from linli.kernel.storage.models import Row


class Draft(Row):
    """A proposed division of one community into grids. It changes nothing until it is approved and its day comes."""

    class State(models.TextChoices):
        DRAWING = "drawing", _("在画")
        ASKED = "asked", _("待审批")
        AGREED = "agreed", _("已批准，到日生效")
        APPLIED = "applied", _("已生效")
        REFUSED = "refused", _("未批准")

    community = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("方案名称"), max_length=40)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.DRAWING)
    on = models.DateField(_("生效日"), null=True, blank=True)
    made_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("建立时间"))
    redivision_id = models.UUIDField(_("区划变更"), null=True, blank=True)

    class Meta:
        verbose_name = _("网格划分方案")
        indexes = [models.Index(fields=["community", "-made_at"], name="gridding_draft_community")]


class DraftGrid(Row):
    """One grid of a draft: today's (``area``) going on, or a new one."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="grids")
    number = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("名称"), max_length=60)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("方案中的网格")
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="gridding_number_once"),
            models.UniqueConstraint(fields=["draft", "name"], name="gridding_name_once"),
        ]


class Placed(Row):
    """A building of the registry, and the grid in which the draft puts it."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="placed")
    grid = models.ForeignKey(DraftGrid, on_delete=models.CASCADE, related_name="placed")
    building_id = models.UUIDField()

    class Meta:
        verbose_name = _("楼幢的去处")
        constraints = [models.UniqueConstraint(fields=["draft", "building_id"], name="gridding_building_once")]
