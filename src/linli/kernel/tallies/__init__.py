"""Statistics kept as events happen (docs/adr/0011-figures-from-deltas.md).

Events write ``delta`` rows in their own transaction; ``total``, ``totals``, ``breakdown``, ``table``, ``cells``,
``series`` and ``subjects`` read; the worker calls ``fold``; doctor calls ``verify`` and ``waiting``; ``rebuild`` and
``rebuild_all`` make figures anew from the deltas.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linli.kernel.tallies.checking import Count, Difference, verify
    from linli.kernel.tallies.folding import fold
    from linli.kernel.tallies.rebuilding import FoldingNow, rebuild, rebuild_all
    from linli.kernel.tallies.selectors import (
        Cell,
        breakdown,
        by_place,
        cells,
        first_day,
        history,
        series,
        subjects,
        table,
        total,
        totals,
        waiting,
    )
    from linli.kernel.tallies.services import delta

_LATER = {
    **dict.fromkeys(("Count", "Difference", "verify"), "checking"),
    **dict.fromkeys(("FoldingNow", "rebuild", "rebuild_all"), "rebuilding"),
    **dict.fromkeys(("Cell", "breakdown", "by_place", "cells", "first_day", "history", "series"), "selectors"),
    **dict.fromkeys(("subjects", "table", "total", "totals", "waiting"), "selectors"),
    "delta": "services",
    "fold": "folding",
}

__all__ = [
    "Cell",
    "Count",
    "Difference",
    "FoldingNow",
    "breakdown",
    "by_place",
    "cells",
    "delta",
    "first_day",
    "fold",
    "history",
    "rebuild",
    "rebuild_all",
    "series",
    "subjects",
    "table",
    "total",
    "totals",
    "verify",
    "waiting",
]


def __getattr__(name: str) -> Any:
    # Models need Django's registry, and this package is imported before that is ready.
    if name in _LATER:
        return getattr(importlib.import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(name)
