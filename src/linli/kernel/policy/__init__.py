"""What differs between districts: typed, versioned, dated.

``get``, ``pin`` and ``pinned`` answer from the process; writes are in ``services``, reads of versions in
``selectors``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linli.kernel.policy.cache import changes, forget, get, pin, pinned
from linli.kernel.policy.documents import (
    Complaint,
    Document,
    Documents,
    Evidence,
    Item,
    Shape,
    crosscheck,
    document,
    names,
    shape_of,
    upcast,
)
from linli.kernel.policy.door import duties_of, duty_title, post_title, posts_with
from linli.kernel.policy.files import Problem, check

if TYPE_CHECKING:
    from linli.kernel.policy.services import diff, load, propose, put_in_force, reject

_WRITES = frozenset({"diff", "load", "propose", "put_in_force", "reject"})


def __getattr__(name: str) -> Any:
    """Give the services by name; they need models, which load after this package."""
    if name in _WRITES:
        from linli.kernel.policy import services

        return getattr(services, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Complaint",
    "Document",
    "Documents",
    "Evidence",
    "Item",
    "Problem",
    "Shape",
    "changes",
    "check",
    "crosscheck",
    "diff",
    "document",
    "duties_of",
    "duty_title",
    "forget",
    "get",
    "load",
    "names",
    "pin",
    "pinned",
    "post_title",
    "posts_with",
    "propose",
    "put_in_force",
    "reject",
    "shape_of",
    "upcast",
]
