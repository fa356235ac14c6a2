"""Who may see and release the proof of a matter: photos follow the matter they belong to.

Posts see what is attached to a matter that they may see. A reporter, signed in or by the secret link, sees what
residents sent in and what was released, never what units and clerks added. What is attached to nothing yet is
seen by whoever sent it. What belongs to no matter is seen by all where an affair says so (:func:`open_to_all`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from linli.kernel.evidence.services import may_release
from linli.kernel.evidence.views import may_see
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.matters.secrets import is_secret_of
from linli.kernel.matters.selectors import sees
from linli.kernel.posts import session

if TYPE_CHECKING:
    from linli.kernel.evidence.models import Attachment
    from linli.kernel.posts.actors import Actor

RELEASE = "publisher"
"""The duty of posts that look at text and photos before the public does."""


Opening = Callable[["Attachment"], bool]
_openings: list[Opening] = []


def open_to_all(rule: Opening) -> Opening:
    """Let everybody see the photos that ``rule`` is true for: an affair's own, such as those of a catalogue."""
    if rule not in _openings:
        _openings.append(rule)
    return rule


def connect() -> None:
    """Answer the gates of evidence."""
    may_see.fill(seen_by)
    may_release.fill(released_by)


def seen_by(*, request: Any, attachment: Attachment, size: str) -> bool:  # noqa: ARG001 - the gate's question
    """Return whether this request may see the attachment; ``?s=`` carries the secret of a tracking link."""
    secret = request.GET.get("s", "")
    if secret and attachment.subject_id is not None and is_secret_of(attachment.subject_id, secret):
        return _open_to_reporter(attachment)
    if session.person_id(request) is None:
        return _open_to_all(attachment)
    actor = session.actor(request)
    if attachment.subject_id is None:
        return actor.person_id is not None and attachment.uploader_person_id == actor.person_id
    matter = Matter.objects.filter(pk=attachment.subject_id).first()
    if matter is None:
        return _open_to_all(attachment)
    if not sees(actor, matter):
        return False
    return actor.is_post or _open_to_reporter(attachment)


def _open_to_all(attachment: Attachment) -> bool:
    return attachment.subject_id is not None and any(rule(attachment) for rule in _openings)


def _open_to_reporter(attachment: Attachment) -> bool:
    return attachment.uploader_post_id is None or attachment.public_at is not None


def released_by(*, actor: Actor, attachment: Attachment) -> bool:
    """Return whether ``actor`` may let the public see it: a publisher, and the matter is not restricted."""
    if RELEASE not in duties_of(actor) or not actor.may_write or attachment.subject_id is None:
        return False
    matter = Matter.objects.filter(pk=attachment.subject_id).first()
    return matter is not None and not matter.restricted and sees(actor, matter)
