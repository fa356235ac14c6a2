"""What ``linli doctor --verify`` asks of cases."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.cases import recount
from linli.kernel.storage.doctor import Finding, bad, ok, probe

SHOWN = 5


@probe("cases.figures", gettext_lazy("案件统计与案卷核对"), deep=True)
def figures() -> Iterator[Finding]:
    """Every figure behind the counts and the three rates equals what the cases themselves say."""
    differences = recount.differences()
    for one in differences[:SHOWN]:
        yield bad(
            _("%(metric)s %(day)s %(area)s：统计为 %(figure)d，案卷为 %(expected)d")
            % {
                "metric": one.metric, "day": one.day, "area": one.area_code,
                "figure": one.figure, "expected": one.expected,
            },
            mend=_("共 %(count)d 处不符；运行 linli stats recount 按案卷更正") % {"count": len(differences)},
        )  # fmt: skip
    if not differences:
        yield ok(_("案件数与三率同案卷逐件相符"))
