"""What ``linli doctor`` asks of the figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.storage.doctor import Finding, bad, ok, probe, warn
from linli.kernel.tallies import checking, selectors

LATE = timedelta(minutes=1)
SHOWN = 5


def told(differences: Sequence[checking.Difference], *, well: str, mend: str) -> Iterator[Finding]:
    """Yield what an affair's recount found: the first differences and how to ``mend`` them, or that all is ``well``."""
    for one in differences[:SHOWN]:
        yield bad(
            _("%(metric)s %(day)s %(area)s：统计为 %(figure)d，逐件数为 %(expected)d")
            % {
                "metric": one.metric, "day": one.day, "area": one.area_code,
                "figure": one.figure, "expected": one.expected,
            },
            mend=_("共 %(count)d 处不符；%(mend)s") % {"count": len(differences), "mend": mend},
        )  # fmt: skip
    if not differences:
        yield ok(well)


@probe("tallies.queue", gettext_lazy("待汇总统计"))
def queue() -> Iterator[Finding]:
    """The worker folds within a second; a minute's delay means that it stands still."""
    count, age = selectors.waiting()
    if age is not None and age > LATE:
        yield warn(
            _("有 %(count)d 条增量等待汇总，最早的已等 %(minutes)d 分钟；数字仍准确，但读取变慢")
            % {"count": count, "minutes": age // timedelta(minutes=1)},
            mend=_("检查后台进程是否在运行"),
        )
    else:
        yield ok(_("等待汇总的增量：%(count)d 条") % {"count": count})


@probe("tallies.figures", gettext_lazy("统计数与增量核对"), deep=True)
def figures() -> Iterator[Finding]:
    """Every figure equals its deltas, at every level and split."""
    differences = checking.verify()
    for one in differences[:SHOWN]:
        yield bad(
            _("%(metric)s %(day)s %(area)s：统计为 %(figure)d，应为 %(expected)d")
            % {
                "metric": one.metric,
                "day": one.day,
                "area": one.area_code or _("合计"),
                "figure": one.figure,
                "expected": one.expected,
            },
            mend=_("共 %(count)d 处不符；用 linli stats rebuild %(metric)s 按增量重算")
            % {"count": len(differences), "metric": one.metric},
        )
    if not differences:
        yield ok(_("全部统计数与增量相符"))
