"""On the spot: settled and closed at once; a random share is looked at again by another post."""

from __future__ import annotations

from linli.affairs.cases.policy import Recheck
from linli.affairs.cases.process import SPOT
from linli.affairs.cases.services import draws
from linli.affairs.cases.services.intake import attach_photos, community_of
from linli.kernel.matters import Transition


@SPOT.on("settle")
def settled(t: Transition) -> None:
    """Closed at once, counted apart, and perhaps drawn for a second look."""
    node, category = t.data["node"], t.data["category"]
    t.place(node)
    t.hold(area=community_of(node).id)
    t.matter.category, t.matter.source = category.code, "03"
    t.matter.title = f"{community_of(node).name} {category.name}"
    spot = t.detail
    spot.description, spot.place = t.data.get("description") or "", t.data.get("place") or ""
    spot.lon, spot.lat = t.data.get("lon"), t.data.get("lat")
    spot.drawn = draws.falls(t.matter.pk, t.pinned(Recheck).share, "recheck")
    attach_photos(t, "after")


@SPOT.on("confirm")
@SPOT.on("doubt")
def looked_again(t: Transition) -> None:
    """The second look, with its photos."""
    attach_photos(t, "proof")
