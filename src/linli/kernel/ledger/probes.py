"""What ``linli doctor`` asks of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import clock
from linli.kernel.ledger import checking
from linli.kernel.ledger.models import DaySeal, Transfer
from linli.kernel.storage.doctor import Finding, bad, ok, probe, warn

LATE = timedelta(days=2)


@probe("ledger.guards", gettext_lazy("账本的触发器"))
def guards() -> Iterator[Finding]:
    """The triggers that refuse overdrafts and changes are there and switched on."""
    for fault in checking.guards():
        yield bad(fault, mend=_("查明是谁停用的，再执行 ALTER TABLE … ENABLE TRIGGER"))


@probe("ledger.seal", gettext_lazy("账本封存"))
def sealed() -> Iterator[Finding]:
    """The worker seals once a day; two days without one mean that it stands still."""
    last = DaySeal.objects.order_by("-number").first()
    newest = Transfer.objects.order_by("-pk").first()
    if newest and (last.at if last else newest.at) < min(newest.at, clock.now() - LATE):
        yield warn(_("账本超过两天没有封存"), mend=_("检查 linli worker 是否在运行"))
    elif last:
        yield ok(_("第 %(number)d 封，%(count)d 个账户") % {"number": last.number, "count": last.count})


@probe("ledger.whole", gettext_lazy("账本核对"), deep=True)
def whole() -> Iterator[Finding]:
    """Sums, balances and seals agree with the lines."""
    faults = list(checking.verify())
    for fault in faults:
        yield bad(fault, mend=_("停止兑换，用 docs/audit/ledger.py 与已交审计保存的封存核对，并与备份比对"))
    if not faults:
        yield ok(_("分录、余额、封存全部相符"))
