"""What ``linli doctor`` asks of the machine: keys, disk, static files, worker, the profile's files."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cli import assets
from linli.config import env
from linli.kernel import jobs
from linli.kernel.storage.doctor import Finding, bad, ok, probe, warn


@probe("cli.keys", gettext_lazy("密钥与文件的权限"))
def keys() -> Iterator[Finding]:
    """Keys, photos and the register of erasures can be read by their owner only."""
    folder = env.home() / "secrets"
    for path in [folder, *folder.glob("*"), env.home() / "media", env.home() / "erasures.jsonl"]:
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            mend = _("执行 chmod %(mode)s %(path)s；若是密钥，考虑更换") % {
                "mode": "700" if path.is_dir() else "600",
                "path": path,
            }
            yield bad(_("%(path)s 可被其他用户读取") % {"path": path}, mend=mend)


@probe("cli.disk", gettext_lazy("磁盘空间"))
def disk() -> Iterator[Finding]:
    """There is room for photos, the database and its log."""
    usage = shutil.disk_usage(env.home())
    free = usage.free / 2**30
    text = _("剩余 %(free).1f GB") % {"free": free}
    mend = _("清理磁盘，或把 LINLI_HOME 移到更大的磁盘")
    if free < 1:
        yield bad(text, mend=mend)
    elif free < 5:
        yield warn(text, mend=mend)
    else:
        yield ok(text)


@probe("cli.static", gettext_lazy("静态文件"))
def static() -> Iterator[Finding]:
    """The gathered static files are this version's."""
    stamp = env.home() / "static" / ".stamp"
    if not stamp.exists() or stamp.read_text() != assets.fingerprint():
        yield warn(_("还没有整理，或不是本版本的"), mend=_("重新启动 linli serve（启动时自动整理）"))


@probe("cli.worker", gettext_lazy("后台进程"))
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


@probe("cli.policy", gettext_lazy("政策文件"))
def policy() -> Iterator[Finding]:
    """The documents of the profile that this installation names are free of mistakes."""
    from linli.kernel.policy import files

    profile = os.environ.get("LINLI_PROFILE", "")
    folder = files.SHIPPED.parent / profile if profile else files.SHIPPED
    if folder.is_dir():
        for problem in files.check(folder):
            yield bad(str(problem), mend=_("改正后运行 linli policy check %(folder)s") % {"folder": folder.name})
