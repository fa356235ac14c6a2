"""Finding rows by a part of a text, wherever in it: by the pairs of its characters, under a GIN index.

Two characters are the usual query in Chinese and have no trigrams, so that ``pg_trgm`` would read the whole table.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.lookups import DataContains
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Reverse
from django.db.models.lookups import StartsWith

FUNCTION = """
CREATE OR REPLACE FUNCTION linli_pairs(text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  small text := lower($1);
  pairs text[] := '{}';
BEGIN
  FOR i IN 1 .. length(small) - 1 LOOP
    pairs := pairs || substr(small, i, 2);
  END LOOP;
  RETURN pairs;
END $$;
"""
"""Names no table and only what PostgreSQL brings: an index may stand on it, and a restored one be built again."""

DROP = "DROP FUNCTION IF EXISTS linli_pairs(text)"


class Pairs(Func):
    """The pairs of characters of a text, in small letters: 路灯不亮 is 路灯, 灯不, 不亮. For a ``GinIndex``."""

    function = "linli_pairs"
    output_field = ArrayField(TextField())


def holding(column: str, text: str) -> Q:
    """Return the filter of rows whose ``column`` holds ``text``, in letters of either size; needs two characters.

    The pairs lead to the candidates through the index; what they cannot tell, their order, is looked at again.
    Raises ``ValueError`` for less than two characters: every row would be looked at.
    """
    if len(text) < 2:
        raise ValueError(text)
    return Q(DataContains(Pairs(F(column)), Pairs(Value(text)))) & Q(**{f"{column}__icontains": text})


def ending(column: str, text: str) -> Q:
    """Return the filter of rows whose ``column`` ends in ``text``; for an index on ``Reverse(column)``."""
    return Q(StartsWith(Reverse(F(column)), text[::-1]))
