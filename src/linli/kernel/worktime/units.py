"""What a time limit is counted in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import UserError


class Unit(models.TextChoices):
    """The units of limits in the sources (names: 大英 and 济源 filing tables; GB/T 30428.8 (k))."""

    WORKING_HOUR = "working_hour", _("工作时")
    WORKING_DAY = "working_day", _("工作日")
    URGENT_HOUR = "urgent_hour", _("紧急工作时")
    URGENT_DAY = "urgent_day", _("紧急工作日")
    CALENDAR_DAY = "calendar_day", _("自然日")
    MINUTE = "minute", _("分钟")

    @property
    def works_only(self) -> bool:
        """Whether only working time counts; the others run around the clock."""
        return self in (Unit.WORKING_HOUR, Unit.WORKING_DAY)

    @property
    def in_days(self) -> bool:
        """Whether limits in this unit are whole days."""
        return self in (Unit.WORKING_DAY, Unit.URGENT_DAY, Unit.CALENDAR_DAY)


# Words people write in a policy document; the plain 天 and 小时 run around the clock.
_WORDS = {
    "工作时": Unit.WORKING_HOUR,
    "工作小时": Unit.WORKING_HOUR,
    "工作日": Unit.WORKING_DAY,
    "个工作日": Unit.WORKING_DAY,
    "紧急工作时": Unit.URGENT_HOUR,
    "小时": Unit.URGENT_HOUR,
    "紧急工作日": Unit.URGENT_DAY,
    "自然日": Unit.CALENDAR_DAY,
    "天": Unit.CALENDAR_DAY,
    "日": Unit.CALENDAR_DAY,
    "分钟": Unit.MINUTE,
    "分": Unit.MINUTE,
} | {unit.value: unit for unit in Unit}

_WRITTEN = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(\S+)\s*$")


@dataclass(frozen=True, slots=True, init=False)
class Limit:
    """An amount of time somebody has: ``Limit(4, Unit.WORKING_HOUR)``, written 4 工作时.

    Raises ``ValueError`` for an amount that is not positive, or a part of a day (days end at a close of
    business or at midnight, so half of one has no end; write it in hours).
    """

    amount: Decimal
    unit: Unit

    def __init__(self, amount: Decimal | float | str, unit: Unit | str) -> None:
        try:
            exact = Decimal(str(amount)).normalize()
        except InvalidOperation as error:
            raise ValueError(f"a limit needs a number, not {amount!r}") from error
        chosen = Unit(unit)
        if not exact.is_finite() or exact <= 0:
            raise ValueError(f"a limit must be positive, not {amount!r}")
        if chosen.in_days and exact != exact.to_integral_value():
            raise ValueError(f"a limit in days must be a whole number, not {amount!r}; write it in hours")
        object.__setattr__(self, "amount", exact)
        object.__setattr__(self, "unit", chosen)

    @classmethod
    def parse(cls, text: str) -> Limit:
        """Return the limit written as ``4 工作时`` or ``4 working_hour``. Raises ``UserError``."""
        found = _WRITTEN.match(text)
        unit = _WORDS.get(found.group(2)) if found else None
        if found is None or unit is None:
            words = "、".join(str(u.label) for u in Unit)
            raise UserError(
                _("时限“%(text)s”看不懂；请写成“4 工作时”，单位可用：%(units)s") % {"text": text, "units": words}
            )
        try:
            return cls(found.group(1), unit)
        except ValueError as error:
            raise UserError(_("时限“%(text)s”须大于零，按日计的须为整数") % {"text": text}) from error

    def __str__(self) -> str:
        return f"{self.amount:f} {self.unit.label}"
