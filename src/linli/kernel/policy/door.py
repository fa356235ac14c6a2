"""Short answers from the kernel's own documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linli.kernel.policy import cache

if TYPE_CHECKING:
    from linli.kernel.policy.shapes.duties import Duties

NONE: frozenset[str] = frozenset()


def duties_of(post_kind: str) -> frozenset[str]:
    """Return the duties that a kind of post carries today; none for a kind that is not listed."""
    return _duties().by_post_kind.get(post_kind, NONE)


def posts_with(duty: str) -> frozenset[str]:
    """Return the kinds of post that carry ``duty`` today; none for a duty that the document does not list."""
    found = _duties().duties.get(duty)
    return frozenset(found.posts) if found else NONE


def duty_title(duty: str) -> str:
    """Return what a duty is called, or its code when the document does not list it."""
    found = _duties().duties.get(duty)
    return found.title if found else duty


def post_title(post_kind: str) -> str:
    """Return what a kind of post is called, or its code when the document does not list it."""
    found = _duties().post_kinds.get(post_kind)
    return found.title if found else post_kind


def _duties() -> Duties:
    from linli.kernel.policy.shapes.duties import Duties  # the shapes load after the apps

    return cache.get(Duties)
