"""What ``linli doctor --verify`` asks of cases."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.cases import recount
from linli.kernel.storage.doctor import Finding, probe
from linli.kernel.tallies.probes import told


@probe("cases.figures", gettext_lazy("案件统计与案卷核对"), deep=True)
def figures() -> Iterator[Finding]:
    """Every figure behind the counts and the three rates equals what the cases themselves say."""
    yield from told(
        recount.differences(), well=_("案件数与三率同案卷逐件相符"), mend=_("运行 linli stats recount 按案卷更正")
    )
