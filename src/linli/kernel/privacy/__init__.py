"""Masks, access log, consent, retention, erasure.

Other rooms write ``privacy.reveal(...)``, ``privacy.retain(...)``: names are looked up on first use, because
models may not be imported while Django still collects its apps.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linli.kernel.privacy.masks import mask_id, mask_name, mask_phone, redact
    from linli.kernel.privacy.retention import blank, delete, erase_now, replay, retain, rules, run_retention
    from linli.kernel.privacy.selectors import has_consent, log_for, unusual
    from linli.kernel.privacy.services import access_row, give_consent, readable, reveal, withdraw_consent

_DOORS = {
    "masks": ("mask_id", "mask_name", "mask_phone", "redact"),
    "retention": ("blank", "delete", "erase_now", "replay", "retain", "rules", "run_retention"),
    "selectors": ("has_consent", "log_for", "unusual"),
    "services": ("access_row", "give_consent", "readable", "reveal", "withdraw_consent"),
}
_HOME = {name: module for module, names in _DOORS.items() for name in names}

__all__ = [
    "access_row",
    "blank",
    "delete",
    "erase_now",
    "give_consent",
    "has_consent",
    "log_for",
    "mask_id",
    "mask_name",
    "mask_phone",
    "readable",
    "redact",
    "replay",
    "retain",
    "reveal",
    "rules",
    "run_retention",
    "unusual",
    "withdraw_consent",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
