"""What ``linli doctor`` and the status page ask of the machine: disk, worker, last backup, certificate."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import clock, jobs
from linli.kernel.storage.doctor import Finding, bad, ok, probe, warn
from linli.surfaces.watch import standing

BACKUP_LATE = timedelta(hours=30)
CERTIFICATE_WARN, CERTIFICATE_BAD = timedelta(days=30), timedelta(days=7)


@probe("watch.disk", gettext_lazy("磁盘空间"))
def disk() -> Iterator[Finding]:
    """There is room for photos, the database and its log."""
    free = shutil.disk_usage(settings.LINLI_HOME).free / 2**30
    text = _("剩余 %(free).1f GB") % {"free": free}
    mend = _("清理磁盘，或把 LINLI_HOME 移到更大的磁盘")
    if free < 1:
        yield bad(text, mend=mend)
    elif free < 5:
        yield warn(text, mend=mend)
    else:
        yield ok(text)


@probe("watch.worker", gettext_lazy("后台进程"))
def worker() -> Iterator[Finding]:
    """A worker gave a sign of life lately, its periodic work ends well, and no job has failed for good."""
    health = jobs.health()
    if not health.alive:
        mend = _("启动 linli worker；没有它，期限不预警、消息不发出、统计不更新")
        yield bad(_("没有后台进程在运行"), mend=mend)
    else:
        yield ok(_("在运行，待办 %(n)d 项") % {"n": health.waiting})
    for pulse in health.pulses:
        if pulse.failures > 2:
            text = _("%(name)s 连续失败 %(n)d 次（%(error)s）")
            text %= {"name": pulse.name, "n": pulse.failures, "error": pulse.error}
            yield bad(text, mend=_("查看 linli worker 的日志"))
    if health.failed:
        yield warn(_("%(n)d 项后台任务最终失败") % {"n": health.failed}, mend=_("查看 linli worker 的日志"))


@probe("watch.backup", gettext_lazy("备份"))
def backup() -> Iterator[Finding]:
    """A backup ended well within the last day; a practice or a demo installation needs none."""
    if settings.LINLI_DEMO or settings.LINLI_PRACTICE:
        return
    last = standing.last_backup()
    mend = _("每天定时运行 linli backup，并把文件和 secrets 文件夹分别存到别处")
    if last is None:
        yield warn(_("这里还没有做过备份"), mend=mend)
    elif clock.now() - last.at > BACKUP_LATE:
        yield warn(_("上次备份在 %(at)s") % {"at": f"{clock.local(last.at):%Y-%m-%d %H:%M}"}, mend=mend)
    else:
        yield ok(
            _("%(at)s，%(size).1f MB") % {"at": f"{clock.local(last.at):%Y-%m-%d %H:%M}", "size": last.size / 2**20}
        )


@probe("watch.certificate", gettext_lazy("网站证书"))
def certificate() -> Iterator[Finding]:
    """The certificate that the operator named (``LINLI_CERTIFICATE``) is good for another month."""
    ends = standing.certificate_ends()
    if ends is None:
        return
    left = ends - clock.now()
    text = _("到 %(day)s 为止") % {"day": f"{clock.local(ends):%Y-%m-%d}"}
    mend = _("换上新证书，并让反向代理重新读取")
    if ends.year == 1970:
        yield bad(_("读不到 LINLI_CERTIFICATE 指的证书"), mend=_("改正路径，或让本系统的用户能读这个文件"))
    elif left < CERTIFICATE_BAD:
        yield bad(text, mend=mend)
    elif left < CERTIFICATE_WARN:
        yield warn(text, mend=mend)
    else:
        yield ok(text)
