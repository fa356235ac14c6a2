"""各单位哨件: what each unit still owes on whistles, its next limit, and the number to call."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.whistles.process import BLOWN, REPORT_IN, WHISTLE
from linli.kernel.matters.models import Matter
from linli.surfaces.command.registry import Drawn, Look, Tile, add_tile
from linli.surfaces.parts.shapes import Clock

SHOWN = 10


def draw(look: Look) -> Drawn:
    """Draw the units with open shares, the late ones first; two statements over open matters only."""
    shares = Matter.objects.filter(look.matters(), kind=REPORT_IN.kind, is_open=True, held_unit__isnull=False)
    unit = ("held_unit", "held_unit__name", "held_unit__short_name", "held_unit__duty_phone")
    rows = list(
        shares.values(*unit)
        .annotate(n=Count("pk"), late=Count("pk", filter=Q(due_at__lt=look.at)), due=Min("due_at"))
        .order_by("-late", "due", "held_unit")[:SHOWN]
    )
    waiting = Matter.objects.filter(look.matters(), kind=WHISTLE.kind, is_open=True, stage=BLOWN.key).count()
    most = max((row["n"] for row in rows), default=1)
    context = {
        "units": [_unit(look, row, most) for row in rows],
        "waiting": waiting,
        "waiting_url": look.rows(kind=WHISTLE.kind, stage=BLOWN.key, state="open"),
    }
    return Drawn(
        template="commandtiles/whistles.html",
        context=context,
        url=look.rows(kind=REPORT_IN.kind, state="open"),
        more=_("全部在办"),
        empty="" if rows or waiting else _("现在没有单位在办的哨件。"),
    )


def _unit(look: Look, row: dict[str, Any], most: int) -> dict[str, Any]:
    return {
        "name": row["held_unit__short_name"] or row["held_unit__name"],
        "open": row["n"],
        "late": row["late"],
        "width": f"{100 * row['n'] / most:.1f}",
        "late_width": f"{100 * row['late'] / most:.1f}",
        "clock": Clock(due=row["due"], compact=True) if row["due"] else None,
        "phone": "" if look.visitors else row["held_unit__duty_phone"],
        "url": look.rows(kind=REPORT_IN.kind, state="open", unit=row["held_unit"]),
    }


TILE = Tile(
    key="whistles",
    title=gettext_lazy("各单位哨件"),
    says=gettext_lazy("各单位在办的哨件、其中超时、最近的期限和值班电话"),
    icon="megaphone",
    order=50,
    draw=draw,
)
add_tile(TILE)
