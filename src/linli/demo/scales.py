"""How many of which story: exact numbers, so that another seed gives other matters and the same totals.

The shares are a sample of ours, not figures of any source; docs/demo.md repeats them as a table.
"""

from __future__ import annotations

from collections.abc import Mapping

# What a resident's or a patrol's filed case may go through, to its end. Weights of the part of the quota that
# is not given to single stories below.
FILED: Mapping[str, int] = {
    "judged": 17,
    "anonymous": 14,
    "called": 25,
    "patrolled": 14,
    "hotline": 12,
    "raised": 5,
    "by_community": 5,
    "reworked": 3,
    "late": 3,
    "urged": 2,
}

# One or a few of each, whatever the scale: the unusual, which a demo must have.
SINGLE: Mapping[str, int] = {
    "answered": 1, "replied": 1, "refused": 1, "redirected": 1, "withdrawn": 1, "extended": 1, "suspended": 1,
    "returned": 1, "return_refused": 1, "explained": 1, "unreachable": 1, "disputed_upheld": 1,
    "disputed_redone": 1, "reopened": 1, "excluded": 1, "linked": 1, "by_call": 1, "about_unit": 1,
    "restricted": 1, "urgent": 1, "instructed": 1, "reworked": 1, "urged": 1,
}  # fmt: skip

# Groups: each is one main case with followers.
DUPLICATES: Mapping[str, int] = {"small": 1, "default": 4, "full": 60}
COMMON_CAUSES: Mapping[str, int] = {"small": 1, "default": 2, "full": 12}
FOLLOWERS_OF_A_CAUSE = 4

SPOTS: Mapping[str, int] = {"small": 12, "default": 64, "full": 3000}
FILED_TOTAL: Mapping[str, int] = {"small": 9, "default": 44, "full": 1500}
SINGLE_TIMES: Mapping[str, int] = {"small": 1, "default": 1, "full": 12}
ELSEWHERE: Mapping[str, int] = {"small": 0, "default": 8, "full": 160}
PHOTOS: Mapping[str, int] = {"small": 8, "default": 60, "full": 200}


def share_out(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Share ``total`` out by weight with the largest remainders first; the sum is exactly ``total``."""
    whole = sum(weights.values())
    exact = {name: total * weight / whole for name, weight in weights.items()}
    shares = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: (shares[name] - exact[name], name))
    for name in by_remainder[: total - sum(shares.values())]:
        shares[name] += 1
    return shares


def closed_stories(scale: str) -> dict[str, int]:
    """Return how often each story with an end is lived at ``scale``."""
    counts = share_out(FILED_TOTAL[scale], FILED)
    times = SINGLE_TIMES[scale]
    for name, number in SINGLE.items():
        counts[name] = counts.get(name, 0) + number * times
    return counts | {
        "duplicate": DUPLICATES[scale],
        "common_cause": COMMON_CAUSES[scale],
        "spot": SPOTS[scale],
    }
