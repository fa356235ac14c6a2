"""Invented numbers with right check digits: sequence 993 was kept for centenarians, so nobody has these."""

from __future__ import annotations

from datetime import date

from stdnum.cn import ric


def number(born: date, sequence: int = 993, county: str = "532503") -> str:
    """Return an identity number of nobody."""
    body = f"{county}{born:%Y%m%d}{sequence:03d}"
    return body + ric.calc_check_digit(body + "0")


def samples(world) -> dict[str, object]:
    """Return one of each thing that the registry's addresses name, in the world's community."""
    import csv
    import tempfile
    from pathlib import Path

    from tests.support.world import COMMUNITY

    from linli.affairs.registry import services
    from linli.affairs.registry.exporting import services as exporting
    from linli.affairs.registry.importing import services as importing
    from linli.affairs.registry.models import Twins
    from linli.kernel import clock
    from linli.surfaces.desk.models import SavedView

    secretary = world.actor("community_secretary")
    house = services.register_house(actor=secretary, area=world.node(COMMUNITY).id, address="青云路18号3幢502室")
    born = date(1960, 5, 6)
    one, other = (
        services.register_resident(actor=secretary, name="张伟", house=house, born_on=born, phone=phone)
        for phone in ("13800002221", "13800002222")
    )
    household = services.form_household(actor=secretary, house=house, members={one.pk: "head", other.pk: "other"})
    services.find_twins(actor=secretary, area=world.node(COMMUNITY).id)
    body = services.register_organisation(actor=secretary, name="银河便利店", category="shop", house=house)
    path = Path(tempfile.mkdtemp()) / "residents.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["姓名", "住址"], ["李建国", "青云路1号"], ["李建国", "青云路1号"]])
    batch = importing.read(actor=secretary, batch=importing.begin(actor=secretary, path=path))
    view = SavedView.objects.create(
        person=secretary.person, listing="registry-analysis", name="老人", query="age_from=60", created_at=clock.now()
    )
    export = exporting.ask(actor=secretary, area_id=world.node(COMMUNITY).id, why="核对联系电话")
    return {
        "registry_resident": one.pk, "registry_house": house.pk, "registry_body": body.pk, "registry_batch": batch.pk,
        "registry_twins": Twins.objects.get().pk, "registry_view": view.pk,
        "registry_export": export.pk, "registry_household": household.pk,
    }  # fmt: skip
