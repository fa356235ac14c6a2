"""What ``linli doctor`` asks of protected columns."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.crypto import ciphers, rotation
from linli.kernel.storage.doctor import Finding, bad, ok, probe, warn


@probe("crypto.fields", gettext_lazy("敏感字段"))
def fields() -> Iterator[Finding]:
    """The newest value of each encrypted column can be read with the keys at hand."""
    quote = connection.ops.quote_name
    for model, field in rotation.columns():
        table, column = quote(model._meta.db_table), quote(str(field.column))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {column} FROM {table} WHERE {column} <> '' "  # noqa: S608 - names of our models
                f"ORDER BY {quote(str(model._meta.pk.column))} DESC LIMIT 1"
            )
            row = cursor.fetchone()
        try:
            if row:
                ciphers.decrypt(row[0], field.aad)
        except ciphers.Unreadable as error:
            yield bad(str(error), mend=_("恢复与数据库同一套备份中的密钥"))
    yield ok(_("现用密钥与算法：%(prefix)s") % {"prefix": ciphers.current_prefix().rstrip(":")})


@probe("crypto.rotation", gettext_lazy("密钥更换"), deep=True)
def rotated() -> Iterator[Finding]:
    """Nothing is left under an older key."""
    left = sum(rotation.pending().values())
    if left:
        yield warn(_("还有 %(n)d 处用旧密钥") % {"n": left}, mend=_("运行 linli keys rotate"))
