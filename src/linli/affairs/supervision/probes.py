"""What ``linli doctor --verify`` asks of supervision."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.supervision import recount
from linli.kernel.storage.doctor import Finding, bad, ok, probe

SHOWN = 5


@probe("supervision.figures", gettext_lazy("督查的问题和建议逐条核对"), deep=True)
def figures() -> Iterator[Finding]:
    """Problems and advice are counted as their rows say."""
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
        yield ok(_("督查的问题数、建议数同逐条记录相符"))
