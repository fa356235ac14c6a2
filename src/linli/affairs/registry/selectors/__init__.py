"""Reads of the registry: what a post may reach, a resident's page, a grid's houses and people, what is due."""

from __future__ import annotations

from linli.affairs.registry.selectors.analysis import Cell, Composition, composition
from linli.affairs.registry.selectors.frames import Extent, drawable, extent, survey_frame, survey_purpose
from linli.affairs.registry.selectors.households import (
    HouseholdCard,
    access_household,
    household_card,
    neighbours,
    without_household,
)
from linli.affairs.registry.selectors.looks import log_look, looked_up, note_lookup, unusual_lookups
from linli.affairs.registry.selectors.people import Card, Line, card, lines, told
from linli.affairs.registry.selectors.places import Counts, HouseCard, counts, house_card, living_in, organisation_card
from linli.affairs.registry.selectors.reach import (
    access_house,
    access_organisation,
    access_resident,
    areas_of,
    houses,
    may_read,
    residents,
)
from linli.affairs.registry.selectors.work import (
    VISITED,
    Due,
    Wanted,
    bodies,
    expiring,
    houses_of_grid,
    residents_of_grid,
    wanted,
)

__all__ = [
    "VISITED",
    "Card",
    "Cell",
    "Composition",
    "Counts",
    "Due",
    "Extent",
    "HouseCard",
    "HouseholdCard",
    "Line",
    "Wanted",
    "access_house",
    "access_household",
    "access_organisation",
    "access_resident",
    "areas_of",
    "bodies",
    "card",
    "composition",
    "counts",
    "drawable",
    "expiring",
    "extent",
    "house_card",
    "household_card",
    "houses",
    "houses_of_grid",
    "lines",
    "living_in",
    "log_look",
    "looked_up",
    "may_read",
    "neighbours",
    "note_lookup",
    "organisation_card",
    "residents",
    "residents_of_grid",
    "survey_frame",
    "survey_purpose",
    "told",
    "unusual_lookups",
    "wanted",
    "without_household",
]
