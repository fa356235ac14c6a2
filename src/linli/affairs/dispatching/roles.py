"""Units by what they are in a place: ``urban`` is the district's, ``urban@street`` the station of the street."""

from __future__ import annotations

from collections.abc import Iterable

from linli.kernel import areas
from linli.kernel.areas.models import Level
from linli.kernel.posts import selectors as posts
from linli.kernel.posts.models import Unit

PLACES = {"street": Level.STREET, "community": Level.COMMUNITY}
PATTERN = r"^[A-Za-z0-9._-]{1,40}(@(street|community))?$"


def code_of(role: str, area_code: str) -> str:
    """Return the code of the unit that has ``role`` around ``area_code``; ``""`` where there is no such place."""
    name, _, level = role.partition("@")
    if not level:
        return name
    node = areas.tree().get(area_code)
    path = [node, *areas.tree().ancestors(node)] if node else []
    place = next((step for step in path if step.level == PLACES[level]), None)
    return f"{name}.{place.code}" if place else ""


def role_of(code: str, area_code: str) -> str:
    """Return what the unit ``code`` is around ``area_code``: the station of its street, its community, or itself."""
    for level in PLACES:
        place = code_of(f"x@{level}", area_code).removeprefix("x.")
        if place and code.endswith(f".{place}"):
            return f"{code.removesuffix(f'.{place}')}@{level}"
    return code


def units(roles: Iterable[str], area_code: str, without: Iterable[object] = ()) -> dict[str, Unit]:
    """Return the units in use that have these roles in a place, by role; none of those ``without``. One statement."""
    codes = {role: code_of(role, area_code) for role in roles}
    found = posts.meant([code for code in codes.values() if code])
    hidden = set(without)
    return {role: found[code] for role, code in codes.items() if code in found and found[code].pk not in hidden}
