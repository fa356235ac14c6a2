"""What ``linli doctor --verify`` asks of statistics."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.statistics import recount
from linli.kernel.storage.doctor import Finding, bad, ok, probe

SHOWN = 5


@probe("statistics.figures", gettext_lazy("指标与哨件、抽查逐件核对"), deep=True)
def figures() -> Iterator[Finding]:
    """Every count behind the indices that is not a case's equals what its rows say."""
    differences = recount.differences()
    for one in differences[:SHOWN]:
        yield bad(
            _("%(metric)s %(day)s %(area)s：统计为 %(figure)d，逐件数为 %(expected)d")
            % {
                "metric": one.metric, "day": one.day, "area": one.area_code,
                "figure": one.figure, "expected": one.expected,
            },
            mend=_("共 %(count)d 处不符；请把这几行交给维护人员") % {"count": len(differences)},
        )  # fmt: skip
    if not differences:
        yield ok(_("指标的计数同哨件、抽查逐件相符"))
