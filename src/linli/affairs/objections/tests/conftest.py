"""The same working Tuesday as the whistles' stories."""

from __future__ import annotations

from linli.affairs.whistles.tests.conftest import now

__all__ = ["now"]
