"""What differs between districts: typed, versioned, dated.

``get``, ``pin`` and ``pinned`` answer from the process; writes are in ``services``, reads of versions in
``selectors``.
"""

from linli.kernel.policy.cache import forget, get, pin, pinned
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

__all__ = [
    "Complaint",
    "Document",
    "Documents",
    "Evidence",
    "Item",
    "Problem",
    "Shape",
    "check",
    "crosscheck",
    "document",
    "duties_of",
    "duty_title",
    "forget",
    "get",
    "names",
    "pin",
    "pinned",
    "post_title",
    "posts_with",
    "shape_of",
    "upcast",
]
