"""What ``linli doctor`` asks of the data folder: keys, static files, the profile's files."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cli import assets
from linli.config import env
from linli.kernel.storage.doctor import Finding, bad, probe, warn


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
