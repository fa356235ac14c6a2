"""The suggestion beside the catalogue: what closed matters like this one point to, with how sure it is. Advice only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.affairs.dispatching import roles, words
from linli.affairs.dispatching.models import Learned
from linli.affairs.dispatching.policy import Catalogue
from linli.affairs.dispatching.weights import Weights, unpack
from linli.kernel import policy
from linli.kernel.matters.models import Matter
from linli.kernel.posts.models import Unit

_loaded: dict[Any, Weights] = {}


@dataclass(frozen=True)
class Suggestion:
    """A unit, how sure the suggestion is of it, and from what it was learned. ``shown`` is false below policy."""

    unit: Unit
    confidence: float
    shown: bool
    made_at: datetime
    examples: int
    simulated: bool


def forget() -> None:
    """Let the next question read the weights anew."""
    _loaded.clear()


def suggest(matter: Matter, text: str) -> Suggestion | None:
    """Return whom closed matters point to; ``None`` before anything was learned or where no such unit is.

    None either for words of which none was learned, and for restricted matters. Two statements, three when new
    weights are read.
    """
    if matter.restricted or not matter.category:
        return None
    latest = Learned.objects.order_by("-made_at").defer("weights").first()
    if latest is None:
        return None
    model = _weights(latest)
    said = words.pieces(text, matter.category, matter.area_code)
    if not any(piece.startswith("w:") and piece in model.pieces for piece in said):
        return None
    likely = model.confidences(said)[:3]
    found = roles.units([role for role, _sure in likely], matter.area_code, matter.hidden_from)
    for role, sure in likely:
        if role in found:
            shown = sure >= policy.get(Catalogue).suggest_from
            return Suggestion(found[role], sure, shown, latest.made_at, latest.examples, latest.simulated)
    return None


def _weights(latest: Learned) -> Weights:
    if latest.pk not in _loaded:
        kept = Learned.objects.values_list("weights", flat=True).get(pk=latest.pk)
        _loaded.clear()
        _loaded[latest.pk] = unpack(bytes(kept))
    return _loaded[latest.pk]
