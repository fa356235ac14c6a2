"""What happens on one day in 五华, as a list of moments: made from a seed, measured by nobody.

Sizes: 14,000 cases a day, 971 members, 22 departments and 3,000 residents are the issue's figures for 五华 (the
departments a sample, 示例); 40 whistles are a stress figure, far above the 175 of the pilot's whole time. How the cases
divide into settled on the spot, patrol reports and residents' reports, and how they lie over the hours, is a sample.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

DAY = 24 * 3600
CASES, WHISTLES, MEMBERS, RESIDENTS, DEPARTMENTS, SCREENS = 14_000, 40, 971, 3_000, 22, 3
SPOT_SHARE, PATROL_SHARE = 0.86, 0.06
"""Of all cases: settled on the spot, reported by patrols; the rest by residents. A sample (示例)."""
PHOTO_EVERY = 10
OFFICE_ROUNDS = 26
"""How often a day somebody at each desk looks at their inbox and does the next thing."""
DESKS = DEPARTMENTS + 24
"""Departments' desks and those of communities, streets and the centre."""
# Work by the hour from midnight, as shares of a hundred: two humps, little at night. A sample (示例).
HOURS = (0, 0, 0, 0, 0, 0, 1, 4, 10, 13, 12, 9, 4, 6, 11, 12, 9, 5, 2, 1, 1, 0, 0, 0)


@dataclass(frozen=True, order=True)
class Moment:
    """Something that somebody does: when (seconds from midnight), as which kind of user, with a photo or not."""

    at: float
    kind: str
    who: int
    photo: bool = False


def a_day(seed: int = 1, share: float = 1.0) -> list[Moment]:
    """Return everything that happens on the day, in order; ``share`` of it, evenly."""
    chance = random.Random(seed)
    spots = round(CASES * SPOT_SHARE)
    patrols = round(CASES * PATROL_SHARE)
    reports = CASES - spots - patrols
    wanted = {
        "member settles": (spots, MEMBERS), "member reports": (patrols, MEMBERS),
        "resident reports": (reports, RESIDENTS),
        "resident looks": (RESIDENTS - reports, RESIDENTS), "desk works": (DESKS * OFFICE_ROUNDS, DESKS),
        "desk reads": (DESKS * OFFICE_ROUNDS, DESKS), "street blows": (WHISTLES, 8),
    }  # fmt: skip
    moments = []
    for kind, (count, people) in wanted.items():
        for number in range(max(1, round(count * share))):
            with_photo = kind in {"member settles", "member reports"} and number % PHOTO_EVERY == 0
            moments.append(Moment(_when(chance), kind, chance.randrange(people), with_photo))
    return sorted(moments)


def _when(chance: random.Random) -> float:
    hour = chance.choices(range(24), HOURS)[0]
    return hour * 3600 + chance.random() * 3600


def between(moments: list[Moment], start: float, end: float) -> list[Moment]:
    """Return what happens between two hours of the day."""
    return [moment for moment in moments if start * 3600 <= moment.at < end * 3600]
