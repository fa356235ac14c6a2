"""Gifts of goods and rooms: registered, received against a receipt, onto the shelf, and from there to people."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.affairs.honor.models import Donation
from linli.affairs.honor.process import DONATION
from linli.affairs.honor.services import stock
from linli.kernel import areas, clock
from linli.kernel.matters import Transition


@DONATION.on("offer")
def offered(t: Transition) -> None:
    """Somebody wants to give; the shop they bring it to has it now."""
    data, shop = t.data, t.data["shop"]
    detail: Donation = t.detail
    detail.donor, detail.name, detail.public = data["donor"], data["name"], data["public"]
    detail.form, detail.what, detail.pieces = data["form"], data["what"], data["pieces"]
    detail.use_by, detail.shop = data.get("use_by"), shop
    if t.actor.kind == "resident" and t.actor.person is not None:
        t.matter.reporter = t.actor.person
        if detail.donor == Donation.Donor.PERSON:
            detail.person = t.actor.person
    t.place(areas.tree().by_code(shop.area_code))
    t.hold(area=shop.area_id)
    t.matter.title = _("%(what)s（%(donor)s）") % {"what": detail.what, "donor": detail.get_donor_display()}
    t.matter.category = detail.form


@DONATION.on("receive")
def received(t: Transition) -> None:
    """Seen, counted and valued; goods stand on the shelf from now on, under this gift's own batch."""
    data = t.data
    detail: Donation = t.detail
    detail.value_fen, detail.basis = int(data["value_yuan"] * 100), data["basis"]
    detail.receiver, detail.receipt, detail.received_on = data["receiver"], data["receipt"], clock.today()
    detail.use_by = data.get("use_by") or detail.use_by
    t.tally("value_fen", detail.value_fen)
    if detail.form == Donation.Form.GOODS:
        detail.good, detail.pieces = data["good"], data["pieces"]
        t.then(lambda: _onto_the_shelf(t))


def _onto_the_shelf(t: Transition) -> None:
    detail: Donation = t.detail
    assert detail.good is not None  # noqa: S101 - told to mypy; set above
    stock.put_in(
        actor=t.actor, shop=detail.shop, good=detail.good, pieces=detail.pieces, use_by=detail.use_by, donation=detail
    )
