"""What ``linli doctor`` asks of the data folder: keys, static files, the profile's files."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cli import assets
from linli.config import env
from linli.kernel import clock
from linli.kernel.storage.doctor import Finding, bad, probe, warn

WAITS_SECONDS = 900.0
OLDEST_BASE = timedelta(days=8)


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


@probe("cli.static", gettext_lazy("静态文件"))
def static() -> Iterator[Finding]:
    """The gathered static files are this version's."""
    stamp = env.home() / "static" / ".stamp"
    if not stamp.exists() or stamp.read_text() != assets.fingerprint():
        yield warn(_("还没有整理，或不是本版本的"), mend=_("重新启动 linli serve（启动时自动整理）"))


@probe("cli.policy", gettext_lazy("政策文件"))
def policy() -> Iterator[Finding]:
    """The documents of the profile that this installation names are free of mistakes."""
    from linli.kernel.policy import files

    profile = os.environ.get("LINLI_PROFILE", "")
    folder = files.SHIPPED.parent / profile if profile else files.SHIPPED
    if folder.is_dir():
        for problem in files.check(folder):
            yield bad(str(problem), mend=_("改正后运行 linli policy check %(folder)s") % {"folder": folder.name})


@probe("cli.archive", gettext_lazy("连续备份"))
def archive() -> Iterator[Finding]:
    """Where an archive is kept, its folder is there, the log reaches it, and a base is not too old."""
    from linli.cli.archiving import store

    kept = store.note()
    if kept is None:
        return
    if not kept.folder.is_dir():
        yield bad(
            _("归档文件夹 %(path)s 不在") % {"path": kept.folder},
            mend=_("接上存放归档的磁盘，再运行 linli archive collect"),
        )
        return
    waiting = [path.stat().st_mtime for path in kept.spool.glob("*")]
    if waiting and time.time() - min(waiting) > WAITS_SECONDS:  # noqa: TID251 - beside the times of files
        yield bad(
            _("有 %(n)d 段日志没有归档") % {"n": len(waiting)},
            mend=_("启动 linli worker，或运行 linli archive collect"),
        )
    bases = store.Store(kept.folder).bases()
    if not bases or clock.now() - bases[-1].at > OLDEST_BASE:
        yield warn(_("上一份基础备份超过八天"), mend=_("每天定时运行 linli archive add"))
