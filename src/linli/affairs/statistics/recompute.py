#!/usr/bin/env python3
"""Recompute every published figure from its events, with nothing but Python: python recompute.py events.jsonl."""

import gzip
import json
import sys
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from typing import Any


def total(terms: dict[str, float], counts: Counter[str], left: dict[str, str]) -> Decimal:
    """Add up the terms; for an adjusted figure, without what left by an approved exclusion."""
    return sum(
        (Decimal(str(w)) * (counts[m] - (counts[left[m]] if m in left else 0)) for m, w in terms.items()), Decimal(0)
    )


def value(index: dict[str, Any], counts: Counter[str], left: dict[str, str]) -> Decimal | None:
    """A share or mean is numerator / denominator x scale; a count the numerator; a composite weighs its parts."""
    if index["kind"] == "count":
        return total(index["numerator"], counts, left)
    result = Decimal(0)
    for part in index["parts"] or [index]:
        below = total(part["denominator"], counts, left)
        if below <= 0:
            return None
        result += total(part["numerator"], counts, left) / below * Decimal(str(part.get("weight", index["scale"])))
    return result.quantize(Decimal("0.01"), ROUND_HALF_UP)


def main(path: str) -> int:
    """Read the file once, recompute every value, and say which agree."""
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
        head = json.loads(next(file))
        indices = {one["code"]: one for one in head["indices"]}
        counts: dict[tuple[str, str, str], Counter[str]] = {}
        for line in file:
            _ref, metric, day, street, unit, _category, _source, number = json.loads(line)
            for code, one in indices.items():
                if one["since"] <= day <= one["until"]:
                    for place in {("", ""), (street, ""), ("", unit)}:
                        counts.setdefault((code, *place), Counter())[metric] += number
    wrong = 0
    for row in head["values"]:
        index, key = indices[row["index"]], (row["index"], row["street"], row["unit"])
        for name in ("value", "adjusted")[: 2 if index["adjusted"] else 1]:
            found = value(index, counts.get(key, Counter()), index["left"] if name == "adjusted" else {})
            agrees = found == (None if row[name] is None else Decimal(row[name]))
            wrong += not agrees
            where = row["unit"] or head["streets"].get(row["street"], row["street"]) or head["name"]
            words = "OK" if agrees else "NO", index["title"], name, where, str(row[name]), "recomputed", str(found)
            sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.write(f"{wrong} published values do not agree\n" if wrong else "every published value agrees\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
