"""Results: shares with their intervals; what is too small to hide anybody is not shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from linli.affairs.surveys.models import Answer, Survey
from linli.affairs.surveys.policy import SurveyRules

STREET_DIGITS = 9


@dataclass(frozen=True)
class Share:
    """A rate: how many of how many, and between which shares (0 to 1) it lies; all ``None`` where suppressed."""

    n: int | None
    counted: int | None
    share: float | None
    low: float | None
    high: float | None


HIDDEN = Share(None, None, None, None, None)


def interval(counted: int, n: int, confidence: int) -> tuple[float, float]:
    """Return the Wilson score interval of ``counted`` of ``n`` (E. B. Wilson, JASA 22, 1927), computed by SciPy."""
    from scipy.stats import binomtest

    found = binomtest(counted, n).proportion_ci(confidence / 100, method="wilson")
    return float(found.low), float(found.high)


def share_of(question: Mapping[str, Any], said: Sequence[str], rules: SurveyRules) -> Share:
    """Return the rate of a question; hidden when fewer answered than policy's smallest cell."""
    leaves = {c["code"] for c in question["choices"] if c["leaves"]}
    counts = {c["code"] for c in question["choices"] if c["counts"]}
    valid = [one for one in said if one not in leaves]
    if len(valid) < rules.smallest_cell:
        return HIDDEN
    counted = sum(one in counts for one in valid)
    low, high = interval(counted, len(valid), rules.confidence)
    return Share(len(valid), counted, counted / len(valid), low, high)


def results(survey: Survey, rules: SurveyRules) -> dict[str, Any]:
    """Return what is published: each rate over all and by street, as plain values to be kept.

    A street with too few answers is hidden; were it the only one, it could be worked out from the whole, so the
    next smallest is hidden with it.
    """
    answers = list(Answer.objects.filter(survey=survey).values("street_code", "way", "said"))
    found: dict[str, Any] = {
        "n": len(answers), "ways": _counted(row["way"] for row in answers), "confidence": rules.confidence, "rates": [],
    }  # fmt: skip
    streets = sorted({row["street_code"] for row in answers})
    for question in survey.questions:
        code = question["code"]
        whole = share_of(question, [row["said"][code] for row in answers], rules)
        parts = {
            street: share_of(question, [row["said"][code] for row in answers if row["street_code"] == street], rules)
            for street in streets
        }
        shown = _hide_one_more(parts)
        found["rates"].append(
            {
                "code": code, "rate": question["rate"], "text": question["text"], "whole": asdict(whole),
                "streets": [[street, asdict(share)] for street, share in shown.items()],
            }
        )  # fmt: skip
    return found


def _hide_one_more(parts: dict[str, Share]) -> dict[str, Share]:
    hidden = [street for street, share in parts.items() if share.n is None]
    if len(hidden) != 1 or len(parts) < 2:
        return parts
    smallest = min((s for s in parts if s not in hidden), key=lambda street: (parts[street].n or 0, street))
    return {street: HIDDEN if street == smallest else share for street, share in parts.items()}


def _counted(ways: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for way in ways:
        found[way] = found.get(way, 0) + 1
    return found
