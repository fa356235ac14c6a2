"""What ``linli doctor --verify`` asks of statistics."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.statistics import recount
from linli.kernel.storage.doctor import Finding, probe
from linli.kernel.tallies.probes import told


@probe("statistics.figures", gettext_lazy("指标与留痕、哨件、抽查逐件核对"), deep=True)
def figures() -> Iterator[Finding]:
    """Every count behind the indices that is not a case's equals what its rows say."""
    yield from told(
        recount.differences(), well=_("指标的计数同留痕、哨件、抽查逐件相符"), mend=_("请把这几行交给维护人员")
    )
