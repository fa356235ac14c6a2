"""How long what came from other systems is kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.gateways.hotline.models import Batch, Order
from linli.kernel import privacy

FILE_DAYS, ORDER_DAYS = 30, 1095


def register() -> None:
    """Register both rules: the file is needed to import it, the order to reply in its own layout."""
    from django.db.models import Q

    privacy.retain("hotline.files", Batch, "order_file", FILE_DAYS, _("导入后只为核对保留"), since="at")
    privacy.retain(
        "hotline.orders",
        Order,
        "case_text",
        ORDER_DAYS,
        _("办结后不再需要反映内容；回复按原版式送还后即无需保留"),
        since="last_at",
        where=Q(erased=False, matter__is_open=False),
        erase=lambda rows: rows.update(row="", erased=True),
    )
