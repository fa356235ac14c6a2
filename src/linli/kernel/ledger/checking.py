"""Recomputing the whole ledger from its lines: what ``linli ledger verify`` and ``linli doctor --verify`` do."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.utils.translation import gettext as _

from linli.kernel import crypto
from linli.kernel.ledger import sealing
from linli.kernel.ledger.models import DaySeal, SealedSpan

TRIGGERS = {
    "ledger_account": {"linli_once_rows", "linli_once_table"},
    "ledger_transfer": {"linli_once_rows", "linli_once_table"},
    "ledger_posting": {"linli_once_rows", "linli_once_table", "linli_ledger_append", "linli_ledger_agree"},
    "ledger_dayseal": {"linli_once_rows", "linli_once_table"},
    "ledger_sealedspan": {"linli_once_rows", "linli_once_table"},
}

CHAINS = """
SELECT account_id, seq FROM (
  SELECT account_id, seq, balance, held, credited, at, lag(at) OVER w AS before, row_number() OVER w AS number,
         sum(amount) OVER w AS balance_due, sum(hold) OVER w AS held_due,
         sum(greatest(amount, 0)) OVER w AS credited_due
  FROM ledger_posting WINDOW w AS (PARTITION BY account_id ORDER BY seq)) c
WHERE seq <> number OR balance <> balance_due OR held <> held_due OR credited <> credited_due OR at < before
ORDER BY 1, 2 LIMIT 20
"""
OVERDRAWN = """
SELECT p.account_id, p.seq FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
WHERE a.bounded AND p.balance < p.held ORDER BY 1, 2 LIMIT 20
"""
TRANSFERS = """
SELECT t.id FROM ledger_transfer t
LEFT JOIN (SELECT transfer_id, sum(legs) AS legs, bool_or(amount <> 0) AS uneven FROM (
             SELECT p.transfer_id, count(*) AS legs, sum(p.amount) AS amount
             FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
             GROUP BY p.transfer_id, a.unit, a.item_id) s GROUP BY transfer_id) s ON s.transfer_id = t.id
WHERE t.legs IS DISTINCT FROM s.legs OR s.uneven ORDER BY 1 LIMIT 20
"""
STRAY = """
SELECT p.account_id, p.seq FROM ledger_posting p LEFT JOIN ledger_account a ON a.id = p.account_id
LEFT JOIN ledger_transfer t ON t.id = p.transfer_id WHERE a.id IS NULL OR t.id IS NULL ORDER BY 1, 2 LIMIT 20
"""
SUMS = """
SELECT a.unit, sum(p.amount) FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
GROUP BY a.unit, a.item_id HAVING sum(p.amount) <> 0
"""


def verify() -> Iterator[str]:
    """Yield what does not hold, in plain words; nothing when the ledger is whole. Reads every line."""
    yield from guards()
    for account_id, seq in _rows(CHAINS):
        yield _("账户 %(account)s 第 %(seq)d 行：编号、余额或时间接不上") % {"account": account_id, "seq": seq}
    for account_id, seq in _rows(OVERDRAWN):
        yield _("账户 %(account)s 第 %(seq)d 行：透支") % {"account": account_id, "seq": seq}
    for account_id, seq in _rows(STRAY):
        yield _("账户 %(account)s 第 %(seq)d 行：没有账户或凭证") % {"account": account_id, "seq": seq}
    for (transfer_id,) in _rows(TRANSFERS):
        yield _("凭证 %(transfer)s：分录不全，或借贷不平") % {"transfer": transfer_id}
    for unit, total in _rows(SUMS):
        yield _("单位 %(unit)s 的全部分录合计为 %(total)d，应为 0") % {"unit": unit, "total": total}
    yield from seals()


def guards() -> Iterator[str]:
    """Yield which triggers of the ledger are missing or switched off."""
    found = _rows(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE c.relname LIKE 'ledger\\_%%' AND pg_table_is_visible(c.oid) AND t.tgenabled <> 'D'"
    )
    for table, names in TRIGGERS.items():
        for name in sorted(names - {trigger for relation, trigger in found if relation == table}):
            yield _("表 %(table)s 的触发器 %(name)s 不在或被停用") % {"table": table, "name": name}


def seals() -> Iterator[str]:
    """Yield what does not hold in the chain of seals, or between seals and lines."""
    previous = b""
    for one in DaySeal.objects.order_by("number"):
        spans = list(SealedSpan.objects.filter(seal_number=one.number).order_by("account_id"))
        content = sealing.content_digest((s.account_id, s.first, s.last, bytes(s.digest)) for s in spans)
        if crypto.link_digest(one.number, one.at, len(spans), content, previous) != bytes(one.digest):
            yield _("第 %(number)d 封：封存的内容或封存本身被改动") % {"number": one.number}
        if not crypto.holds(one.public_key, one.signature, one.digest):
            yield _("第 %(number)d 封：签名不符") % {"number": one.number}
        now = dict(sealing.digests_of([(s.account_id, s.first, s.last) for s in spans]))
        for span in spans:
            if now.get(span.account_id) != bytes(span.digest):
                yield _("账户 %(account)s 第 %(first)d 至 %(last)d 行：与第 %(number)d 封所封不符") % {
                    "account": span.account_id, "first": span.first, "last": span.last, "number": one.number,
                }  # fmt: skip
        previous = bytes(one.digest)


def _rows(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
