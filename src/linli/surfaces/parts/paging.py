"""Pages of lists that may be very long: counted up to a bound, so that opening one costs the same every year."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core import paginator
from django.db.models import QuerySet

if TYPE_CHECKING:
    Pages = paginator.Paginator[Any]
    Page = paginator.Page[Any]
else:
    Pages, Page = paginator.Paginator, paginator.Page

BOUND = 2_000
"""So many rows can be leafed through; whoever looks for one among more narrows the list."""


class LongPaginator(Pages):
    """A paginator that never counts beyond ``bound`` rows; ``more`` says whether there are more.

    An exact count of everything a post may see would read the whole history each time the list is opened. ``known``
    is the count where the page has it already, ``keys`` finds the keys of the rows from one place up to another where
    there is a better way than to ask ``found`` for them.
    """

    def __init__(
        self,
        found: QuerySet[Any],
        per_page: int,
        *,
        bound: int = BOUND,
        known: int | None = None,
        keys: Callable[[int, int], Collection[Any]] | None = None,
    ) -> None:
        super().__init__(found, per_page)
        self._found: QuerySet[Any] = found
        self._known, self._keys = known, keys or self._keys_of_found
        self.bound = bound

    @cached_property
    def _counted(self) -> int:
        return int(self._found.order_by()[: self.bound + 1].count()) if self._known is None else self._known

    @cached_property
    def count(self) -> int:
        """Return how many rows can be leafed through."""
        return min(self._counted, self.bound)

    def page(self, number: int | str) -> Page:
        """Return a page whose rows are found by key first, and joined to what they are shown with for these alone.

        With the joins in the same query the database may join everything that it looks through before the limit.
        """
        page, found = super().page(number), self._found
        first = (page.number - 1) * self.per_page
        keys = self._keys(first, min(first + self.per_page, self.count))
        shown = found.model._default_manager.filter(pk__in=keys).order_by(*found.query.order_by)
        shown.query.select_related = found.query.select_related
        page.object_list = shown
        return page

    def _keys_of_found(self, first: int, last: int) -> Any:
        return self._found.select_related(None).values("pk")[first:last]

    @property
    def more(self) -> bool:
        """Return whether there are more rows than can be leafed through."""
        return self._counted > self.bound
