"""The ground of a demo: tree with its dated changes, sketched grids, policy, calendar, units and posts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from linli.affairs.objections import registers
from linli.kernel import areas, worktime
from linli.kernel.areas.profiles import read
from linli.kernel.posts.actors import system_actor
from linli.kernel.storage import partitions
from linli.profiles import building

BEGINS = "区县与岗位"


def lay(profile: str, since: date, until: date, *, seed: int) -> Path:
    """Lay the district of ``profile``: policy, posts, duty lists in force from ``since``; return the profile's folder.

    Raises ``LookupError`` for an unknown profile; the database must be migrated and without a district.
    """
    folder = building.folder(profile)
    partitions.ensure(since=since)
    areas.initialise(read(folder).district)
    areas.apply_profile(folder, demo=True, seed=seed)
    for year in range(since.year, until.year + 2):
        worktime.seed(year)
    building.load_policy(profile, since)
    building.build_units(since)
    registers.seed(actor=system_actor())
    return folder
