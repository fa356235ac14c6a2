"""What ``linli doctor`` asks the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import clock
from linli.kernel.storage import grants, partitions, tidying
from linli.kernel.storage.doctor import Finding, bad, ok, probe, warn

OLDEST = 15


def _one(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@probe("storage.server", gettext_lazy("数据库版本"))
def server() -> Iterator[Finding]:
    """PostgreSQL 15 or newer."""
    version = connection.cursor().connection.info.server_version if connection.connection else 0
    version = version or int(_one("SHOW server_version_num"))
    if version // 10000 < OLDEST:
        text = _("PostgreSQL %(found)d，低于 %(oldest)d") % {"found": version // 10000, "oldest": OLDEST}
        yield bad(text, mend=_("升级数据库服务器，或取消 DATABASE_URL 改用内置数据库"))
    else:
        yield ok(f"PostgreSQL {version // 10000}.{version % 10000}")


@probe("storage.encoding", gettext_lazy("字符编码"))
def encoding() -> Iterator[Finding]:
    """UTF-8, and a ctype that knows Chinese letters from punctuation: under C no trigram holds any."""
    if _one("SHOW server_encoding") != "UTF8":
        yield bad(_("数据库不是 UTF-8 编码"), mend=_("用 ENCODING 'UTF8' 重新建库，再恢复备份"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT datctype FROM pg_database WHERE datname = current_database()")
        ctype = cursor.fetchone()[0]
    if ctype in {"C", "POSIX"}:
        mend = _("用 LC_CTYPE 'C.UTF-8' 重新建库（template0），再恢复备份")
        yield bad(_("数据库的 ctype 是 %(ctype)s，中文地址无法检索") % {"ctype": ctype}, mend=mend)
    else:
        yield ok(f"UTF-8 {ctype}")


@probe("storage.roles", gettext_lazy("数据库角色"))
def roles() -> Iterator[Finding]:
    """Owner, worker and web are three logins."""
    names = set(settings.LINLI_DATABASE_ROLES.values())
    if len(names) == len(settings.LINLI_DATABASE_ROLES):
        yield ok("、".join(sorted(names)))
    else:
        text = _("网站、后台和结构升级共用同一个数据库角色：网站若被攻破，可改动留痕以外的一切")
        mend = _("建三个角色，分别写入 LINLI_DB_OWNER、LINLI_DB_WORKER、LINLI_DB_WEB，再运行 linli migrate")
        yield warn(text, mend=mend)


@probe("storage.migrations", gettext_lazy("数据库结构"))
def migrations() -> Iterator[Finding]:
    """Every migration has been applied."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield bad(_("有 %(n)d 步结构升级没有执行") % {"n": len(waiting)}, mend=_("运行 linli migrate"))
    else:
        yield ok(_("已是最新"))


@probe("storage.partitions", gettext_lazy("按月分区"))
def horizon() -> Iterator[Finding]:
    """Partitions reach at least two months ahead: without one for today nothing can be reported any more."""
    months = partitions.existing()
    mend = _("启动 linli worker（每天自动续建），或运行 linli migrate")
    ends = {table: max(months[table]) for table in partitions.tables() if months.get(table)}
    for table in partitions.tables():
        if table not in ends:
            yield bad(_("表 %(table)s 没有任何分区") % {"table": table}, mend=_("运行 linli migrate"))
    if ends:
        table = min(ends, key=lambda name: ends[name])
        end = partitions.first_of_month(ends[table], 1)
        text = _("表 %(table)s 的分区到 %(end)s 为止") % {"table": table, "end": end}
        if end <= clock.today() + timedelta(days=31):
            yield bad(text, mend=mend)
        elif end <= clock.today() + timedelta(days=120):
            yield warn(text, mend=mend)
        else:
            yield ok(text)
    leaving = [part.name for part in tidying.parts() if part.leaving]
    if leaving:
        text = _("有 %(n)d 个旧月份没有移除完") % {"n": len(leaving)}
        yield warn(text, mend=_("运行 linli partitions tidy"))


@probe("storage.written_once", gettext_lazy("只增不改的表"))
def written_once() -> Iterator[Finding]:
    """Every table that is written once is guarded by its triggers, and they are switched on."""
    guarded = grants.written_once()
    for table in partitions.tables():
        if table not in guarded:
            text = _("表 %(table)s 没有防改触发器") % {"table": table}
            yield bad(text, mend=_("从备份核对该表，再运行 linli migrate；若反复出现，请报告"))
    off = _one("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'linli_once_%%' AND tgenabled = 'D'")
    if off:
        text = _("有 %(n)d 个防改触发器被停用") % {"n": off}
        yield bad(text, mend=_("查明是谁停用的，再执行 ALTER TABLE … ENABLE TRIGGER"))
