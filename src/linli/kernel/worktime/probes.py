"""What ``linli doctor`` asks of the work calendar."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import clock
from linli.kernel.storage.doctor import Finding, bad, ok, probe, warn
from linli.kernel.worktime import services, sources


@probe("worktime.calendar", gettext_lazy("工作日历"))
def calendar() -> Iterator[Finding]:
    """This year's holidays are known; the next one's from December on."""
    today = clock.today()
    covered = services.coverage(today.year, today.year + 1)
    mend = _("放假安排公布后运行 linli calendar import 年份 文件.csv")
    if covered[today.year] == sources.WEEKENDS:
        yield bad(_("%(year)d 年只按周末计算，期限会算错") % {"year": today.year}, mend=mend)
    if covered[today.year + 1] == sources.WEEKENDS and today.month == 12:
        yield warn(_("%(year)d 年的放假安排还没有导入") % {"year": today.year + 1}, mend=mend)
    if covered[today.year] != sources.WEEKENDS:
        yield ok(_("%(year)d 年的放假安排已有") % {"year": today.year})
