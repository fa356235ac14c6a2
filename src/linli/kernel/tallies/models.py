"""What is counted: deltas as they happened, the ones not folded yet, and the folded figures."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.storage.models import Ledgered, Row


class Delta(Ledgered):
    """A change of one figure, written in the transaction of the event that causes it, never changed.

    ``day`` is the day the figure belongs to, which for a correction is the original's, not today. A trigger
    copies every delta into :class:`Unfolded`, whoever inserts it and however.
    """

    metric = models.CharField(_("指标"), max_length=60, db_collation="C")
    day = models.DateField(_("日期"))
    area_code = models.CharField(_("区域编码"), max_length=24, db_collation="C")
    unit_id = models.UUIDField(_("单位"), null=True)
    category = models.CharField(_("类别"), max_length=40, blank=True, db_collation="C")
    source = models.CharField(_("来源"), max_length=40, blank=True, db_collation="C")
    value = models.BigIntegerField(_("增减"))
    subject_id = models.UUIDField(_("所指事项"), null=True)

    class Meta:
        verbose_name = _("统计增量")
        indexes = [models.Index(fields=["metric", "day"], name="tallies_delta_day")]


class Unfolded(Row):
    """A delta that is not in the folded figures yet; its ``id`` is the delta's. The fold takes it away."""

    metric = models.CharField(max_length=60, db_collation="C")
    day = models.DateField()
    area_code = models.CharField(max_length=24, db_collation="C")
    unit_id = models.UUIDField(null=True)
    category = models.CharField(max_length=40, blank=True, db_collation="C")
    source = models.CharField(max_length=40, blank=True, db_collation="C")
    value = models.BigIntegerField()

    class Meta:
        verbose_name = _("待汇总增量")


class Dimension(models.TextChoices):
    """Along what a folded figure is split; ``ALL`` is not split at all."""

    ALL = "", _("合计")
    UNIT = "u", _("单位")
    CATEGORY = "c", _("类别")
    SOURCE = "s", _("来源")


class Grain(models.TextChoices):
    """The span of one folded figure; ``day`` holds its first day."""

    DAY = "d", _("日")
    MONTH = "m", _("月")


class Folded(models.Model):
    """A figure of one metric, area, span and value of one dimension: what a dashboard reads.

    ``area_code`` is the delta's code cut to ``level`` digits (a shorter code stays as it is, so that every
    level adds up to the same total). The number of rows that a figure reads grows with days and keys, never
    with matters.
    """

    pk = models.CompositePrimaryKey("metric", "dimension", "grain", "level", "area_code", "day", "key")
    metric = models.CharField(max_length=60, db_collation="C")
    dimension = models.CharField(max_length=1, choices=Dimension, db_collation="C")
    grain = models.CharField(max_length=1, choices=Grain, db_collation="C")
    level = models.SmallIntegerField()
    area_code = models.CharField(max_length=24, db_collation="C")
    day = models.DateField()
    key = models.CharField(max_length=40, db_collation="C")
    value = models.BigIntegerField()

    class Meta:
        verbose_name = _("汇总数")
        # The key reads one area over any keys; this index reads one key over any areas.
        indexes = [
            models.Index(
                fields=["metric", "dimension", "grain", "level", "key", "day", "area_code"],
                name="tallies_folded_key",
            )
        ]


class Cell(models.Model):
    """A figure at the finest split: what a question over two dimensions, or about one small area, reads."""

    pk = models.CompositePrimaryKey("metric", "day", "area_code", "unit", "category", "source")
    metric = models.CharField(max_length=60, db_collation="C")
    day = models.DateField()
    area_code = models.CharField(max_length=24, db_collation="C")
    unit = models.CharField(max_length=40, db_collation="C")
    category = models.CharField(max_length=40, db_collation="C")
    source = models.CharField(max_length=40, db_collation="C")
    value = models.BigIntegerField()

    class Meta:
        verbose_name = _("明细数")
        indexes = [models.Index(fields=["metric", "area_code", "day"], name="tallies_cell_area")]
