"""What ``linli doctor`` asks of uploads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import clock
from linli.kernel.evidence.models import Attachment, State
from linli.kernel.storage.doctor import Finding, ok, probe, warn

LATE = timedelta(minutes=10)


@probe("evidence.waiting", gettext_lazy("待处理照片和文件"))
def waiting() -> Iterator[Finding]:
    """The worker makes an upload ready within seconds; ten minutes mean that it does not get to it."""
    rows = Attachment.objects.filter(state=State.RECEIVED)
    late = rows.filter(received_at__lt=clock.now() - LATE).count()
    if late:
        yield warn(
            _("有 %(count)d 个上传超过十分钟没有处理") % {"count": late},
            mend=_("检查后台进程是否在运行、磁盘是否已满"),
        )
    else:
        yield ok(_("没有积压的上传"))
