"""Policy drafts are changes like any other: proposed by one post, agreed to by the chain, then in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from linli.kernel import policy
from linli.kernel.matters import changes
from linli.kernel.matters.models import Change
from linli.kernel.policy import services
from linli.kernel.policy.models import PolicyVersion

if TYPE_CHECKING:
    from linli.kernel.posts.actors import Actor

SUBJECT = "policy"


def connect() -> None:
    """Answer the policy room's question who decides a draft, and carry the decision out."""
    changes.applies(SUBJECT, _put_in_force, chain="policy", refuse=_turn_down)
    services.approval.fill(_ask)


def _ask(*, actor: Actor, version: PolicyVersion) -> None:
    """Open the change that decides a draft; a draft of the system's own making waits on the policy page instead."""
    from linli.kernel.matters.engine import perform

    if not actor.is_post:
        return
    perform(
        process=changes.CHANGE,
        action="propose",
        actor=actor,
        data={
            "title": _("政策草案：%(title)s") % {"title": policy.shape_of(version.name).policy_title},
            "subject": SUBJECT,
            "subject_id": str(version.pk),
            "proposal": f'{{"name": "{version.name}", "from": "{version.valid_from}"}}',
            "reason": version.note or _("见草案"),
        },
    )


def _put_in_force(actor: Actor, change: Change) -> None:
    services.put_in_force(actor=actor, version=PolicyVersion.objects.get(pk=change.subject_id))


def _turn_down(actor: Actor, change: Change, reason: str) -> None:
    """Reject the draft; a proposer who withdraws does it for the system, because nobody decides their own draft."""
    from linli.kernel.posts.actors import system_actor

    draft = PolicyVersion.objects.get(pk=change.subject_id)
    own = actor.post_id is not None and actor.post_id == draft.proposed_by_post_id
    services.reject(actor=system_actor() if own else actor, version=draft, note=reason)
