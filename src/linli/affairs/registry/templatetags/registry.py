"""Filters of the registry's templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(mapping: Mapping[Any, Any], key: Any) -> Any:
    """Return what ``mapping`` holds for ``key``."""
    return mapping.get(key)
