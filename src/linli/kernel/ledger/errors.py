"""What the ledger refuses."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import NotNow


class Overdrawn(NotNow):
    """An account has less than is wanted of it. ``account_id``, ``available`` and ``wanted`` say by how much."""

    code = "overdrawn"

    def __init__(self, account_id: uuid.UUID, available: int, wanted: int) -> None:
        super().__init__(
            _("余额不足：可用 %(available)d，需要 %(wanted)d。") % {"available": available, "wanted": wanted}
        )
        self.account_id, self.available, self.wanted = account_id, available, wanted


class MovedOn(NotNow):
    """Somebody posted to the account after it was looked at."""

    code = "moved_on"

    def __init__(self) -> None:
        super().__init__(_("这个账户刚有变动，请看过最新余额再办。"))


class KeyReused(NotNow):
    """The key was used before, for something else."""

    code = "key_reused"

    def __init__(self, key: str) -> None:
        super().__init__(_("这张单据已经办过，内容与这次不同，请刷新页面重新填写。"))
        self.key = key


class AlreadyDone(NotNow):
    """What was set aside has been settled or released before, or the entry has been taken back before."""

    code = "already_done"

    def __init__(self) -> None:
        super().__init__(_("这一笔已经办结过，不能再办一次。"))


class Unbalanced(Exception):
    """The database refused an entry that contradicts itself: a mistake of code."""
