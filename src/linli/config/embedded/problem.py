"""The one error of this package."""

from __future__ import annotations


class DatabaseProblem(Exception):
    """The embedded database cannot be made or started; the text says why and what to do."""
