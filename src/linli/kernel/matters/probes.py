"""What ``linli doctor`` asks of the matters: are they sealed each day, and does every trail hold?"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import clock
from linli.kernel.matters import sealing, verifying
from linli.kernel.matters.models import Seal, TrailEntry
from linli.kernel.storage.doctor import Finding, bad, ok, probe, warn

LATE = timedelta(days=2)
SHOWN = 20


@probe("matters.seal", gettext_lazy("留痕封存"))
def sealed() -> Iterator[Finding]:
    """The worker seals once a day; two days without one mean that it stands still."""
    last = Seal.objects.order_by("-number").first()
    newest = TrailEntry.objects.order_by("-pk").first()
    if newest and (last.at if last else newest.at) < min(newest.at, clock.now() - LATE):
        yield warn(_("留痕超过两天没有封存"), mend=_("检查 linli worker 是否在运行"))
    elif last:
        yield ok(_("第 %(number)d 封，%(count)d 个事项") % {"number": last.number, "count": last.count})


@probe("matters.trails", gettext_lazy("留痕逐条核对"), deep=True)
def trails() -> Iterator[Finding]:
    """Every entry follows the one before it, says what it said, and the last one is its matter's head."""
    yield from _told(verifying.verify_trails(), _("全部留痕逐条相符"))


@probe("matters.seals", gettext_lazy("封存核对"), deep=True)
def seals() -> Iterator[Finding]:
    """Seals follow each other, their signatures hold, and what they sealed is still there."""
    yield from _told(sealing.verify_seals(), _("封存完好，封存过的留痕都在"))


def _told(faults: Iterator[str], well: str) -> Iterator[Finding]:
    """Say the first faults, one each; a trail that was tampered with is not repaired but kept as evidence."""
    found = False
    for fault in itertools.islice(faults, SHOWN):
        found = True
        yield bad(fault, mend=_("立即停止修改，保全数据库与备份，报告审计岗"))
    if not found:
        yield ok(well)
