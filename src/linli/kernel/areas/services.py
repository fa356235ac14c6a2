"""Writes: the first tree of an instance."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock, ids
from linli.kernel.areas import cache, national
from linli.kernel.areas.models import Area, AreaGeneration, AreaVersion
from linli.kernel.areas.naming import DIGITS, kind_of, level_of, sound
from linli.kernel.areas.nodes import Tree
from linli.kernel.errors import NotNow

_LENGTHS = sorted(DIGITS.values())


def initialise(code: str, on: date | None = None) -> Tree:
    """Lay the tree of the district ``code`` from the packaged national table: streets and communities, no
    grids.

    ``code`` is a district's code in any usual form or its exact name. ``on`` is the first day of the tree;
    by default the day on which the table was published, so that what happened since then finds its area.
    Asking for the same district again changes nothing. Returns the tree in force. Raises
    ``national.UnknownDistrict`` with near matches, ``NotNow`` when the instance already holds another
    district.
    """
    divisions = national.district(code)
    first = on or min(national.PUBLISHED, clock.today())
    with transaction.atomic():
        lock()
        present = AreaVersion.objects.filter(parent=None, valid_to=None).values_list("code", "name").first()
        if present is not None and present[0] != divisions[0].code:
            raise NotNow(
                _("这里已经建立了%(name)s（%(code)s）。要建立另一个区县，请用 LINLI_HOME 指定新的数据目录。")
                % {"name": present[1], "code": present[0]}
            )
        if present is None:
            lay(divisions, first)
    return cache.tree_on(max(first, clock.today()))


def lock() -> None:
    """Let one change of the tree at a time through: hold the generation's row until the transaction ends."""
    AreaGeneration.objects.get_or_create(pk=1)
    AreaGeneration.objects.select_for_update().get(pk=1)


def lay(divisions: list[national.Division], first: date) -> None:
    """Write the first versions of ``divisions`` (parents before children), valid from ``first``."""
    areas: list[Area] = []
    versions: list[AreaVersion] = []
    known: dict[str, uuid.UUID] = {}
    for division in divisions:
        area = Area(id=ids.uuid7(), level=level_of(division.code))
        shorter = next((n for n in reversed(_LENGTHS) if n < len(division.code)), 0)
        versions.append(
            AreaVersion(
                area=area,
                parent_id=known.get(division.code[:shorter]),
                code=division.code,
                name=division.name,
                pinyin=sound(division.name),
                kind=kind_of(division.code, division.name),
                valid_from=first,
                source=national.SOURCE,
            )
        )
        areas.append(area)
        known[division.code] = area.id
    Area.objects.bulk_create(areas)
    AreaVersion.objects.bulk_create(versions)
    cache.changed()
