"""The duty lists (权责清单) and what rulings wrote into the dispatch catalogue (派单目录): dated registers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.affairs.objections.models import CatalogueEntry, DutyItem, Objection
from linli.affairs.objections.policy import DutyLists
from linli.kernel import clock, policy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.jobs import Gate, gate
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor
from linli.kernel.posts.models import Unit

named: Final[Gate[Sequence[Proposal]]] = gate("objections.named", ())
"""Asked with ``matter``: whom the dispatch catalogue names for it, best first, with the reason."""

KEEPER = "register_keeper"
categories: Gate[list[tuple[str, list[tuple[str, str]]]]] = gate("objections.categories", default=[])
"""The categories that an item may cover, as (major class, [(code, name)]); cases fill it, which know them."""

OF_STREETS = frozenset({Unit.Kind.STREET_OFFICE, Unit.Kind.COMMUNITY})


def in_force(on: date) -> QuerySet[DutyItem]:
    """Return the items of all lists that are in force on a day, by code."""
    return DutyItem.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on).order_by("code")


def refusal(category: str, units: Iterable[Unit], on: date) -> str:
    """Return why one of ``units`` may not be given a matter of ``category``, ``""`` when all may.

    What a list says was taken back (上级收回) is a department's: it is never dispatched to a street or a community.
    """
    streets = [u for u in units if u.kind in OF_STREETS]
    if not category or not streets:
        return ""
    item = in_force(on).filter(kind=DutyItem.Kind.TAKEN_BACK, category=category).select_related("unit").first()
    if item is None:
        return ""
    return _("“%(item)s”已由上级收回，不能派给%(street)s；应派%(unit)s（依据：%(basis)s）。") % {
        "item": item, "street": streets[0].name, "unit": item.unit.name if item.unit else "", "basis": item.basis,
    }  # fmt: skip


@transaction.atomic
def put_item(
    *, actor: Actor, code: str, kind: str, title: str, basis: str, valid_from: date,
    unit: Unit | None = None, category: str = "",
) -> DutyItem:  # fmt: skip
    """Enter an item of a duty list from a day on; an earlier item of the same code ends on that day.

    Raises :class:`NotHere` for who does not keep the registers, :class:`UserError` when the day is not after the
    earlier item's.
    """
    _keeps(actor)
    earlier = DutyItem.objects.select_for_update().filter(code=code, valid_to=None).first()
    if earlier is not None:
        if valid_from <= earlier.valid_from:
            raise UserError(
                _("%(code)s 已有自 %(day)s 起的条目，新条目要晚于它。") % {"code": code, "day": earlier.valid_from}
            )
        earlier.valid_to = valid_from
        earlier.save(update_fields=["valid_to"])
    return DutyItem.objects.create(
        code=code, kind=kind, title=title, basis=basis, valid_from=valid_from, unit=unit, category=category
    )


@transaction.atomic
def end_item(*, actor: Actor, item: DutyItem, on: date) -> DutyItem:
    """Let an item cease on a day. Raises as :func:`put_item`; an item that has ceased stays as it is."""
    _keeps(actor)
    fresh = DutyItem.objects.select_for_update().get(pk=item.pk)
    if fresh.valid_to is None:
        if on <= fresh.valid_from:
            raise UserError(_("停用日期要晚于生效日期。"))
        fresh.valid_to = on
        fresh.save(update_fields=["valid_to"])
    return fresh


@transaction.atomic
def seed(*, actor: Actor) -> int:
    """Enter the items of policy (``whistles.duties``) that no register has yet; return how many.

    An item whose unit the district does not have is left out.
    """
    _keeps(actor)
    known = set(DutyItem.objects.values_list("code", flat=True))
    units = {u.code: u for u in Unit.objects.filter(active=True)}
    fresh = [
        DutyItem(code=i.code, kind=i.kind, title=i.title, unit=units.get(i.unit or ""), category=i.category or "",
                 basis=i.basis, valid_from=i.valid_from)
        for i in policy.get(DutyLists).items
        if i.code not in known and (i.unit is None or i.unit in units)
    ]  # fmt: skip
    return len(DutyItem.objects.bulk_create(fresh))


def _keeps(actor: Actor) -> None:
    if not (actor.is_system or (KEEPER in duties_of(actor) and actor.may_write)):
        raise NotHere


def learn(objection: Objection, unit: Unit, area_code: str, category: str, number: str) -> CatalogueEntry | None:
    """Let the catalogue say from now on that ``unit`` leads in this category and place; ``None`` without a category."""
    if not category:
        return None
    now = clock.now()
    CatalogueEntry.objects.filter(category=category, area_code=area_code, valid_to=None).update(valid_to=now)
    basis = _("异议裁定 %(number)s") % {"number": number}
    return CatalogueEntry.objects.create(
        category=category, area_code=area_code, unit=unit, basis=basis, objection=objection, valid_from=now
    )


@dataclass(frozen=True)
class Proposal:
    """A unit that may lead, and why it is proposed."""

    unit: Unit
    why: str


def ruled_units(matter: Matter) -> list[Proposal]:
    """Return whom rulings name for a matter's category and place, the closest place first; none that it is about."""
    if not matter.category:
        return []
    code = matter.area_code
    rows = CatalogueEntry.objects.filter(
        category=matter.category, area_code__in=[code[:n] for n in range(len(code) + 1)], valid_to=None,
        unit__active=True,
    ).exclude(unit__in=matter.hidden_from)  # fmt: skip
    found = sorted(rows.select_related("unit"), key=lambda entry: -len(entry.area_code))
    return [Proposal(entry.unit, _("派单目录：%(basis)s") % {"basis": entry.basis}) for entry in found]


def proposals(matter: Matter, others: Iterable[Proposal]) -> list[Proposal]:
    """Return who may take a matter and why, best first: by rulings, catalogue, duty lists, then ``others``.

    Each unit comes once, with the first reason for it; no street for what was taken back from streets.
    """
    items = [] if not matter.category else list(
        in_force(clock.today()).filter(
            kind__in=(DutyItem.Kind.DEPARTMENT, DutyItem.Kind.TAKEN_BACK), category=matter.category, unit__active=True
        ).exclude(unit__in=matter.hidden_from).select_related("unit")
    )  # fmt: skip
    listed = [Proposal(item.unit, _("权责清单：%(item)s") % {"item": item}) for item in items if item.unit]
    taken_back = any(item.kind == DutyItem.Kind.TAKEN_BACK for item in items)
    found: dict[uuid.UUID, Proposal] = {}
    for proposal in (*ruled_units(matter), *named.ask(matter=matter), *listed, *others):
        if not (taken_back and proposal.unit.kind in OF_STREETS):
            found.setdefault(proposal.unit.pk, proposal)
    return list(found.values())
