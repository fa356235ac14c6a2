"""A linear model without its library: pieces, roles and weights, small enough to add up in a web process."""

from __future__ import annotations

import json
import math
import zlib
from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Weights:
    """For every piece a weight for each role; ``bias`` is where each role begins."""

    roles: tuple[str, ...]
    bias: tuple[float, ...]
    pieces: dict[str, int]
    table: array[float]
    """Row by row: the weights of the piece with that number."""

    def confidences(self, pieces: Iterable[str]) -> list[tuple[str, float]]:
        """Return each role with its probability, the likeliest first; ties in the order of the roles."""
        width = len(self.roles)
        every = list(pieces)
        known = [self.pieces[piece] for piece in every if piece in self.pieces]
        # What was never seen weighs nothing and takes weight from the rest: strange words make unsure.
        scale = 1 / math.sqrt(len(every)) if every else 0.0
        scores = list(self.bias)
        for number in known:
            row = self.table[number * width : (number + 1) * width]
            for column, weight in enumerate(row):
                scores[column] += weight * scale
        top = max(scores)
        powers = [math.exp(score - top) for score in scores]
        total = sum(powers)
        found = [(role, power / total) for role, power in zip(self.roles, powers, strict=True)]
        return sorted(found, key=lambda pair: -pair[1])

    def packed(self) -> bytes:
        """Return it as it is kept in the database."""
        table = b64encode(self.table.tobytes()).decode()
        said = {"roles": self.roles, "bias": self.bias, "pieces": sorted(self.pieces, key=self.pieces.__getitem__)}
        return zlib.compress(json.dumps(said | {"table": table}, ensure_ascii=False).encode(), 9)


def unpack(kept: bytes) -> Weights:
    """Return the weights that :meth:`Weights.packed` gave."""
    said = json.loads(zlib.decompress(kept))
    table = array("f")
    table.frombytes(b64decode(said["table"]))
    pieces = {piece: number for number, piece in enumerate(said["pieces"])}
    return Weights(tuple(said["roles"]), tuple(said["bias"]), pieces, table)


def pack(
    roles: Sequence[str], bias: Sequence[float], pieces: Sequence[str], rows: Iterable[Sequence[float]]
) -> Weights:
    """Return weights from a library's columns: one row for each piece."""
    table = array("f", (float(weight) for row in rows for weight in row))
    numbers = {piece: number for number, piece in enumerate(pieces)}
    return Weights(tuple(roles), tuple(round(float(b), 6) for b in bias), numbers, table)
