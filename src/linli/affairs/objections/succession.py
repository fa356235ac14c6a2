"""When a unit ceases and another stands in its place, its duties and what rulings gave it are the successor's."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.affairs.objections.models import CatalogueEntry, DutyItem
from linli.kernel import clock
from linli.kernel.posts.events import UnitMerged, goes_over, unit_merged
from linli.kernel.posts.models import Unit


def hand_over(merged: UnitMerged) -> None:
    """End what binds the unit and enter it for the successor from today; what was to begin later is only re-addressed.

    The earlier rows stay: who was competent on a past day can still be told.
    """
    today, now = clock.today(), clock.now()
    ahead = DutyItem.objects.filter(unit=merged.unit, valid_to=None, valid_from__gte=today)
    ahead.update(unit=merged.into)
    for item in DutyItem.objects.filter(unit=merged.unit, valid_to=None):
        item.valid_to = today
        item.save(update_fields=["valid_to"])
        DutyItem.objects.create(
            code=item.code, kind=item.kind, title=item.title, unit=merged.into, category=item.category,
            basis=item.basis, valid_from=today,
        )  # fmt: skip
    for entry in CatalogueEntry.objects.filter(unit=merged.unit, valid_to=None):
        entry.valid_to = now
        entry.save(update_fields=["valid_to"])
        CatalogueEntry.objects.create(
            category=entry.category, area_code=entry.area_code, unit=merged.into, basis=entry.basis,
            objection=entry.objection, valid_from=now,
        )  # fmt: skip


def _duties(unit: Unit) -> int:
    return DutyItem.objects.filter(unit=unit, valid_to=None).count()


def _rulings(unit: Unit) -> int:
    return CatalogueEntry.objects.filter(unit=unit, valid_to=None).count()


unit_merged.connect(hand_over)
goes_over(_("有效的权责清单事项"), _duties)
goes_over(_("裁定它来办的派单依据"), _rulings)
