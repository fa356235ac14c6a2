"""Why a step with a proposal cannot be done now, in words for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from linli.affairs.proposals.policy import ProposalRules
from linli.kernel import policy
from linli.kernel.matters.models import Matter

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _rules(matter: Matter) -> ProposalRules:
    return policy.pinned(matter.pins, ProposalRules)


def not_ready(matter: Matter) -> StrOrPromise | None:
    """Return why the reply is not sent for signature: it is not drafted, an opinion is out, nobody was spoken with."""
    paper = matter.proposal
    if not paper.reply:
        return _("还没有答复稿，请先“起草答复”。")
    if Matter.objects.filter(parent=matter, kind="proposal_opinion", is_open=True).exists():
        return _("会办意见还没收齐，请催会办单位，或由交办人收回。")
    if _rules(matter).contact_before_reply and not paper.contacted:
        return _("答复前要与提出人沟通一次，请先记“与提出人沟通”。")
    return None


def may_not_extend(matter: Matter) -> StrOrPromise | None:
    """Return why there is no more time: it was given already."""
    times = _rules(matter).extensions
    return None if matter.proposal.extended < times else _("已延期 %(n)d 次，不能再延。") % {"n": times}


def may_not_redo(matter: Matter) -> StrOrPromise | None:
    """Return why it is not handled again: it was."""
    return None if matter.proposal.redone < _rules(matter).redo else _("已重新办理过，如实登记评价后办结。")


def not_to_publish(matter: Matter) -> StrOrPromise | None:
    """Return why the reply is not put up: it is not for the public, or it is up already."""
    paper = matter.proposal
    if not paper.public:
        return _("这件答复定为不公开：%(reason)s") % {"reason": paper.not_public_because}
    return _("已经公开了。") if paper.published_on else None


def not_published(matter: Matter) -> StrOrPromise | None:
    """Return why there is nothing to take down."""
    return None if matter.proposal.published_on else _("还没有公开。")
