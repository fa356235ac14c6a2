"""Addresses, buildings, houses, and who has a house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.affairs.registry.models import Address, Building, House, Resident, Source, Tenure
from linli.affairs.registry.search import addresses, index
from linli.affairs.registry.services import guards
from linli.kernel import areas, clock
from linli.kernel.areas.models import Area, Kind, Level
from linli.kernel.errors import NotNow, UserError
from linli.kernel.people.models import Organisation, Person
from linli.kernel.posts.actors import Actor

LONGEST = 160


class Ambiguous(UserError):
    """An address that fits several houses; the text names them."""

    code = "ambiguous"


def standing(on: date | None = None) -> Q:
    """Return the condition that an address, a building or a house stands on a day (today)."""
    day = on or clock.today()
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def find_house(text: str, within: UUID | None = None) -> House | None:
    """Return the house that an address means, however it is written; ``None`` when there is none.

    Raises :class:`Ambiguous` on ``address`` when it fits two houses.
    """
    found = House.objects.filter(standing(), plain=addresses.plain(text))
    if within is not None:
        found = found.filter(area__in=_below(within))
    rows = list(found.select_related("area")[:3])
    if len(rows) > 1:
        tree = areas.tree()
        listed = "；".join(f"{tree.label(tree.by_id(row.area_id))} {row.label}" for row in rows)
        raise Ambiguous(_("这个地址对应两处以上房屋：%(list)s。请写全社区和楼号。") % {"list": listed}, field="address")
    return rows[0] if rows else None


def _below(identifier: UUID) -> list[UUID]:
    tree = areas.tree()
    return [node.id for node in tree.under(tree.by_id(identifier).code)]


@transaction.atomic
def register_building(
    *, actor: Actor, area: Area | UUID, address: str, name: str = "", kind: str = Building.Kind.RESIDENTIAL,
    lon: float | None = None, lat: float | None = None, on: date | None = None,
) -> Building:  # fmt: skip
    """Add a building at a standard address, which is made on first use. Raises :class:`UserError` on ``address``."""
    area_id = area if isinstance(area, UUID) else area.pk
    guards.within(actor, area_id)
    parted = addresses.parts(address)
    if not parted.base:
        raise UserError(_("请填写门牌地址，例如：天马路18号。"), field="address")
    day = on or clock.today()
    root = Address.objects.filter(standing(), area=area_id, plain=parted.base).first()
    if root is None:
        root = Address.objects.create(
            area_id=area_id, text=addresses.narrow(address)[:100], plain=parted.base[:100], lon=lon, lat=lat,
            valid_from=day, kind=Address.Kind.PLATE if "号" in parted.base else Address.Kind.PLACE,
        )  # fmt: skip
    return Building.objects.create(
        address=root, area_id=area_id, name=name.strip() or parted.building, kind=kind, lon=lon, lat=lat, valid_from=day
    )


@transaction.atomic
def register_house(
    *, actor: Actor, area: Area | UUID, address: str, use: str = House.Use.OWN, on: date | None = None,
    lon: float | None = None, lat: float | None = None,
) -> House:  # fmt: skip
    """Return the house at ``address`` in ``area``, made with its address and building when it is new.

    Raises :class:`UserError` on ``address`` for nothing or too much, :class:`Ambiguous` for two houses.
    """
    area_id = area if isinstance(area, UUID) else area.pk
    guards.within(actor, area_id)
    whole = addresses.plain(address)
    if not whole or len(address) > LONGEST:
        raise UserError(_("请填写地址（最长160字），例如：天马路18号3幢2单元502室。"), field="address")
    known = find_house(address, area_id)
    if known is not None:
        return known
    parted = addresses.parts(address)
    day = on or clock.today()
    building = (
        Building.objects.filter(standing(), area=area_id, address__plain=parted.base, name=parted.building)
        .order_by("id")
        .first()
    )
    if building is None:
        building = register_building(
            actor=actor, area=area_id, address=parted.base, name=parted.building, lon=lon, lat=lat, on=day
        )
    house = House.objects.create(
        building=building, area_id=area_id, room=parted.room[:30], label=address.strip(), plain=whole, use=use,
        valid_from=day,
    )  # fmt: skip
    index.houses([house.pk])
    return house


@transaction.atomic
def register_village_house(
    *, actor: Actor, area: Area | UUID, place: str, head: str, use: str = House.Use.OWN, on: date | None = None
) -> House:
    """Add a house by place-name and household head, where no number exists. Raises :class:`UserError` on ``head``.

    Only in villages: elsewhere an address has a number.
    """
    area_id = area if isinstance(area, UUID) else area.pk
    node = guards.within(actor, area_id)
    tree = areas.tree()
    community = tree.at_level(node, Level.COMMUNITY)
    if community is None or community.kind != Kind.VILLAGER:
        raise UserError(_("社区的房屋请按门牌登记；只有村里没有门牌的才用地名和户主。"), field="place")
    if not head.strip():
        raise UserError(_("请填写户主姓名，村里按户主称呼这处房屋。"), field="head")
    label = _("%(place)s %(head)s家") % {"place": place.strip() or node.name, "head": head.strip()}
    day = on or clock.today()
    building = register_building(
        actor=actor, area=area_id, address=place.strip() or node.name, kind=Building.Kind.FARMHOUSE, on=day
    )
    house = House.objects.create(
        building=building, area_id=area_id, head=head.strip(), label=label, plain=addresses.plain(label), use=use,
        valid_from=day,
    )  # fmt: skip
    index.houses([house.pk])
    return house


@transaction.atomic
def set_tenure(
    *, actor: Actor, house: House, role: str, person: Person | None = None, organisation: Organisation | None = None,
    on: date | None = None, source: str = Source.VISIT, how: str = "",
) -> Tenure:  # fmt: skip
    """Note who owns, rents or keeps a house from a day on; an earlier owner's time ends, tenants may be several."""
    guards.within(actor, house.area_id)
    if (person is None) == (organisation is None):
        raise UserError(_("请选择一个人或一个组织。"), field="who")
    day = on or clock.today()
    same = Tenure.objects.filter(house=house, role=role, valid_to=None, person=person, organisation=organisation)
    if same.exists():
        raise UserError(_("已经这样登记了。"), field="who")
    if role == Tenure.Role.OWNER:
        Tenure.objects.filter(house=house, role=role, valid_to=None, valid_from__lt=day).update(valid_to=day)
    if role == Tenure.Role.TENANT and house.use != House.Use.LET:
        House.objects.filter(pk=house.pk).update(use=House.Use.LET)
    return Tenure.objects.create(
        house=house, person=person, organisation=organisation, role=role, valid_from=day,
        **guards.stamp(actor, "residence", source, how, day),
    )  # fmt: skip


@transaction.atomic
def end_tenure(*, actor: Actor, tenure: Tenure, on: date | None = None) -> None:
    """End an ownership, a lease or a keeping. Raises :class:`UserError` on ``on`` when that is before it began."""
    guards.within(actor, tenure.house.area_id)
    day = on or clock.today()
    if day < tenure.valid_from:
        raise UserError(_("结束日期不能早于开始日期（%(day)s）。") % {"day": tenure.valid_from}, field="on")
    Tenure.objects.filter(pk=tenure.pk, valid_to=None).update(valid_to=day)


@transaction.atomic
def set_use(*, actor: Actor, house: House, use: str) -> None:
    """Say what a house is used for now: lived in, let, empty, trade."""
    guards.within(actor, house.area_id)
    if use not in House.Use.values:
        raise UserError(_("请选择房屋的使用情况。"), field="use")
    House.objects.filter(pk=house.pk).update(use=use)


@transaction.atomic
def locate_buildings(*, actor: Actor, points: Mapping[UUID, tuple[float, float]]) -> int:
    """Put buildings on the map, as (longitude, latitude) in WGS-84; return how many. All within the actor's areas."""
    found = list(Building.objects.filter(pk__in=points))
    for area in {row.area_id for row in found}:
        guards.within(actor, area)
    for row in found:
        row.lon, row.lat = points[row.pk]
    return Building.objects.bulk_update(found, ["lon", "lat"], batch_size=500)


@transaction.atomic
def move_building(*, actor: Actor, buildings: list[UUID], area: Area | UUID) -> int:
    """Let buildings lie in another grid, with their houses and whoever lives there; return how many residents moved.

    What a re-division does with a list of buildings. Raises :class:`NotNow` when a building is not there.
    """
    area_id = area if isinstance(area, UUID) else area.pk
    guards.must(actor, "area_keeper")
    areas.tree().by_id(area_id)
    found = Building.objects.select_for_update().filter(pk__in=buildings)
    if found.count() != len(set(buildings)):
        raise NotNow(_("有的楼幢已不在登记簿里；请刷新后重选。"))
    found.update(area=area_id)
    Address.objects.filter(buildings__in=buildings).exclude(buildings__in=_other_buildings(area_id)).update(
        area=area_id
    )
    houses = House.objects.filter(building__in=buildings)
    houses.update(area=area_id)
    moved = Resident.objects.filter(
        residencies__house__building__in=buildings, residencies__kind="lives", residencies__valid_to=None
    )
    keys = list(moved.values_list("pk", flat=True))
    Resident.objects.filter(pk__in=keys).update(area=area_id)
    index.residents(keys)
    index.houses(houses.values_list("pk", flat=True))
    return len(keys)


def _other_buildings(area_id: UUID) -> list[UUID]:
    """Return the buildings of shared addresses that stay elsewhere."""
    shared = Building.objects.filter(address__buildings__area=area_id).exclude(area=area_id)
    return list(shared.values_list("pk", flat=True))
