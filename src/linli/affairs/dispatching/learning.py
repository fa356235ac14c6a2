"""Learning whom to send, and measuring it on words that were never seen. Runs in the worker and on the command line.

scikit-learn is imported here, inside the functions, and nowhere else: the web only adds up what was learned.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from linli.affairs.dispatching import weights
from linli.affairs.dispatching.lessons import Lesson
from linli.affairs.dispatching.weights import Weights

EVERY = 4
"""Every so many templates, one is held back with all that was said in it."""
SEEN_IN = 2
"""In how many templates a run of characters must occur to be learned: no single report can be read back."""


@dataclass(frozen=True)
class Measure:
    """How often the first unit was the one that did it, on the held-back part. Shares are of ``held_back``."""

    examples: int
    templates: int
    held_back: int
    held_back_templates: int
    catalogue: float
    suggestion: float
    together: float
    """The suggestion where it is confident enough, the catalogue elsewhere: what a dispatcher is shown."""
    confident: float
    """On which share the suggestion is confident enough to be shown."""
    threshold: float


def split(lessons: Sequence[Lesson]) -> tuple[list[Lesson], list[Lesson]]:
    """Return the lessons to learn from and those to be examined on: no template of the one is in the other.

    Which templates are held back follows from their words alone, so the same matters split alike everywhere.
    """
    groups: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        groups[lesson.template].append(lesson)
    ordered = sorted(groups, key=lambda words: hashlib.sha256(words.encode()).hexdigest())
    held = set(ordered[::EVERY])
    learn = [lesson for lesson in lessons if lesson.template not in held]
    return learn, [lesson for lesson in lessons if lesson.template in held]


def learn(lessons: Sequence[Lesson]) -> Weights:
    """Return weights learned from the lessons: the same ones for the same lessons, in any order of days.

    Raises ``ValueError`` when all of them were led by one role: there is nothing to tell apart.
    """
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    wanted = [lesson.role for lesson in lessons]
    if len(set(wanted)) < 2:
        raise ValueError("nothing to tell apart")
    cut = [lesson.pieces for lesson in lessons]
    kept = _kept(lessons, cut)
    numbers = {piece: number for number, piece in enumerate(kept)}
    rows, columns, values = [], [], []
    for number, pieces in enumerate(cut):
        known = sorted(numbers[piece] for piece in pieces if piece in numbers)
        rows += [number] * len(known)
        columns += known
        values += [1 / len(pieces) ** 0.5] * len(known)
    table = csr_matrix((values, (rows, columns)), shape=(len(cut), len(kept)), dtype=np.float64)
    model = LogisticRegression(C=20.0, max_iter=2000, tol=1e-6).fit(table, wanted)
    coefficients, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        coefficients, bias = np.vstack([-coefficients / 2, coefficients / 2]), np.hstack([-bias / 2, bias / 2])
    return weights.pack([str(role) for role in model.classes_], bias, kept, coefficients.T)


def _kept(lessons: Sequence[Lesson], cut: Sequence[set[str]]) -> list[str]:
    """Return the pieces worth a weight: marks, and runs of characters that several templates have in common."""
    seen: dict[str, set[str]] = defaultdict(set)
    for lesson, pieces in zip(lessons, cut, strict=True):
        for piece in pieces:
            seen[piece].add(lesson.template)
    return sorted(piece for piece, where in seen.items() if not piece.startswith("w:") or len(where) >= SEEN_IN)


def examine(model: Weights, held: Sequence[Lesson], taught: Sequence[Lesson], threshold: Decimal) -> Measure:
    """Return how the suggestion and the catalogue do on lessons that were held back."""
    right: Counter[str] = Counter()
    for lesson in held:
        role, confidence = model.confidences(lesson.pieces)[0]
        sure = confidence >= threshold
        right["catalogue"] += lesson.by_catalogue == lesson.role
        right["suggestion"] += role == lesson.role
        right["together"] += (role if sure else lesson.by_catalogue) == lesson.role
        right["confident"] += sure
    of = max(len(held), 1)
    return Measure(
        examples=len(taught), templates=len({lesson.template for lesson in taught}), held_back=len(held),
        held_back_templates=len({lesson.template for lesson in held}), catalogue=round(right["catalogue"] / of, 4),
        suggestion=round(right["suggestion"] / of, 4), together=round(right["together"] / of, 4),
        confident=round(right["confident"] / of, 4), threshold=float(threshold),
    )  # fmt: skip


def said(measure: Measure) -> dict[str, float | int]:
    """Return a measure as it is kept beside its weights."""
    return asdict(measure)
