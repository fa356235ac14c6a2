"""What the ledger keeps: accounts, transfers with their postings, and seals. All of it is written once.

There is no column that holds *the* balance of an account: each posting says what the balance became with it, the
last one says what it is. The database computes that itself while it holds the account's lock (see
``migrations/_guards.py``), whoever inserts and however.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.storage.models import Row


class Unit(models.TextChoices):
    """What an account counts, always in whole numbers."""

    POINTS = "points", _("分")
    FEN = "fen", _("分（人民币）")
    PIECES = "pieces", _("件")


class Account(models.Model):
    """Who holds what in which role; ``id`` follows from those words (:class:`linli.kernel.ledger.AccountRef`).

    ``bounded``: may never hold less than it has set aside. Accounts that stand for the world outside (where points
    come from, where goods go) are not. ``area_code`` is the code of its community when it was opened; no word
    about a person lies here.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    owner_id = models.UUIDField(_("户主"))
    kind = models.CharField(_("账户种类"), max_length=24, db_collation="C")
    unit = models.CharField(_("单位"), max_length=8, choices=Unit, db_collation="C")
    item_id = models.UUIDField(_("品目"), null=True)
    bounded = models.BooleanField(_("不可透支"))
    area_code = models.CharField(_("开户时区域编码"), max_length=24, blank=True, db_collation="C")
    opened_at = models.DateTimeField(_("开户时间"))

    class Meta:
        verbose_name = _("账户")
        constraints = [
            models.UniqueConstraint(
                fields=["owner_id", "kind", "unit", "item_id"], nulls_distinct=False, name="ledger_account_words"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "unit", "area_code"], name="ledger_account_place"),
            models.Index(fields=["item_id"], condition=Q(item_id__isnull=False), name="ledger_account_item"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.owner_id} {self.unit}"


class Transfer(Row):
    """One act of the ledger: why, by which post, and which earlier act it ends or takes back.

    ``key`` makes it happen once. ``subject_id`` is the matter or record it belongs to, ``basis`` the rule and the
    version it follows. ``closes`` names the transfer that set aside what this one settles or releases,
    ``reverses`` the one it takes back: each can be named once.
    """

    key = models.CharField(_("幂等键"), max_length=120, unique=True, db_collation="C")
    kind = models.CharField(_("种类"), max_length=24, db_collation="C")
    at = models.DateTimeField(_("时间"))
    subject_id = models.UUIDField(_("所属事项"), null=True)
    basis = models.CharField(_("依据"), max_length=120, blank=True)
    actor_kind = models.CharField(_("办理人类别"), max_length=8, db_collation="C")
    post_id = models.UUIDField(_("办理岗位"), null=True)
    closes = models.UUIDField(_("了结的预留"), null=True)
    reverses = models.UUIDField(_("冲回的凭证"), null=True)
    legs = models.SmallIntegerField(_("分录数"))
    request = models.BinaryField(_("请求摘要"))

    class Meta:
        verbose_name = _("凭证")
        constraints = [
            models.CheckConstraint(condition=Q(legs__gte=1), name="ledger_transfer_has_legs"),
            models.CheckConstraint(
                condition=Q(closes__isnull=True) | Q(reverses__isnull=True), name="ledger_closes_or_reverses"
            ),
            models.UniqueConstraint(
                fields=["closes"], condition=Q(closes__isnull=False), name="ledger_hold_closed_once"
            ),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="ledger_reversed_once"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id"], condition=Q(subject_id__isnull=False), name="ledger_transfer_subject"),
        ]


class Posting(models.Model):
    """One line of one account: what moved, and what the account came to with it.

    ``amount`` moves the balance, ``hold`` what is set aside within it. ``seq``, ``balance``, ``held``,
    ``credited`` (all that ever came in) and ``lapses`` (when the newest lot lapses) are computed by the database.
    A line that brings something in is a *lot*: what is left of it follows from ``credited`` alone, first in, first
    out (docs/adr: lots without counters).
    """

    pk = models.CompositePrimaryKey("account_id", "seq")
    account_id = models.UUIDField()
    seq = models.BigIntegerField(_("序"))
    transfer_id = models.UUIDField()
    amount = models.BigIntegerField(_("增减"))
    hold = models.BigIntegerField(_("预留增减"))
    balance = models.BigIntegerField(_("余额"))
    held = models.BigIntegerField(_("预留额"))
    credited = models.BigIntegerField(_("累计转入"))
    expires_on = models.DateField(_("到期日"), null=True)
    lapses = models.DateField(_("最新一笔的到期日"), null=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("分录")
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0, hold=0), name="ledger_posting_moves"),
            models.CheckConstraint(condition=Q(held__gte=0), name="ledger_held_not_negative"),
        ]
        indexes = [
            models.Index(fields=["account_id", "at"], name="ledger_posting_at"),
            models.Index(fields=["transfer_id"], name="ledger_posting_transfer"),
            models.Index(fields=["account_id", "credited"], condition=Q(amount__gt=0), name="ledger_posting_lots"),
            models.Index(fields=["expires_on"], condition=Q(expires_on__isnull=False), name="ledger_posting_lapse"),
        ]


class DaySeal(Row):
    """One day's signed digest over the lines that were added since the last, chained to it."""

    number = models.IntegerField(_("序"), unique=True)
    at = models.DateTimeField(_("时间"))
    count = models.IntegerField(_("账户数"))
    content = models.BinaryField(_("内容摘要"))
    previous = models.BinaryField(_("前一封"))
    digest = models.BinaryField(_("摘要"))
    signature = models.BinaryField(_("签名"))
    public_key = models.BinaryField(_("公钥"))

    class Meta:
        verbose_name = _("账本封存")


class SealedSpan(Row):
    """The lines ``first`` to ``last`` of one account as they were sealed, and the balance they led to."""

    seal_number = models.IntegerField(_("封存序"), db_index=True)
    account_id = models.UUIDField()
    first = models.BigIntegerField(_("自"))
    last = models.BigIntegerField(_("至"))
    balance = models.BigIntegerField(_("余额"))
    digest = models.BinaryField(_("摘要"))

    class Meta:
        verbose_name = _("封存的分录")
        constraints = [
            models.UniqueConstraint(fields=["account_id", "last"], name="ledger_span_once"),
        ]
