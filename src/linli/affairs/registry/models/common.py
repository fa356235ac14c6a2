"""What every fact of the registry knows of itself: where it came from, who verified it how and when."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Where a fact came from."""

    VISIT = "visit", _("走访")
    SELF = "self", _("本人填报")
    LANDLORD = "landlord", _("房东或物业报送")
    SERVICE = "service", _("办事时登记")
    BUREAU = "bureau", _("部门数据")
    IMPORT = "import", _("台账导入")


class How(models.TextChoices):
    """What counts as verified: contact, or an administrative event. Nothing else refreshes a fact."""

    SEEN = "seen", _("见面")
    PHONED = "phoned", _("电话")
    PAPER = "paper", _("看过证件或单据")
    EVENT = "event", _("行政事件")


class Sourced(models.Model):
    """Columns of a fact's origin. ``verified_how`` is empty for what nobody has verified yet."""

    source = models.CharField(_("来源"), max_length=10, choices=Source, default=Source.VISIT)
    verified_how = models.CharField(_("核实方式"), max_length=8, choices=How, blank=True)
    verified_at = models.DateTimeField(_("核实时间"), null=True, blank=True)
    verified_by = models.UUIDField(_("核实岗位"), null=True, blank=True)
    next_check_on = models.DateField(_("下次核实"), null=True, blank=True)

    class Meta:
        abstract = True


SOURCED = ("source", "verified_how", "verified_at", "verified_by", "next_check_on")
"""The names of the columns above, for ``update_fields``."""
