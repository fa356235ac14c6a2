"""What ``linli doctor --verify`` asks of supervision."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.supervision import recount
from linli.kernel.storage.doctor import Finding, probe
from linli.kernel.tallies.probes import told


@probe("supervision.figures", gettext_lazy("督查的问题和建议逐条核对"), deep=True)
def figures() -> Iterator[Finding]:
    """Problems and advice are counted as their rows say."""
    yield from told(
        recount.differences(), well=_("督查的问题数、建议数同逐条记录相符"), mend=_("请把这几行交给维护人员")
    )
