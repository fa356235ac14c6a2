"""Pages of lists that may be very long: counted up to a bound, so that opening one costs the same every year."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

if TYPE_CHECKING:
    Pages = Paginator[Any]
else:
    Pages = Paginator

BOUND = 2_000
"""So many rows can be leafed through; whoever looks for one among more narrows the list."""


class LongPaginator(Pages):
    """A paginator that never counts beyond ``bound`` rows; ``more`` says whether there are more.

    An exact count of everything a post may see would read the whole history each time the list is opened.
    """

    def __init__(self, found: QuerySet[Any], per_page: int, *, bound: int = BOUND) -> None:
        super().__init__(found, per_page)
        self._found: QuerySet[Any] = found
        self.bound = bound

    @cached_property
    def _counted(self) -> int:
        return int(self._found.order_by()[: self.bound + 1].count())

    @cached_property
    def count(self) -> int:
        """Return how many rows can be leafed through."""
        return min(self._counted, self.bound)

    @property
    def more(self) -> bool:
        """Return whether there are more rows than can be leafed through."""
        return self._counted > self.bound
