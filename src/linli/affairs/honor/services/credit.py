"""兑信用: a signed statement that its owner hands on. It spends nothing and decides nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from linli.affairs.honor import accounts
from linli.affairs.honor.models import Earning, Member, Statement
from linli.affairs.honor.policy import HonorRules
from linli.affairs.honor.services import members
from linli.kernel import clock, crypto, ledger, policy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.posts.actors import Actor

KEY = "statements"
YEAR = timedelta(days=365)


@transaction.atomic
def issue(*, actor: Actor, member: Member, bank: str, consent: bool) -> Statement:
    """Make a statement of the last year's points, signed, at its owner's wish. Raises :class:`UserError` without it."""
    if not _owns(actor, member):
        raise NotHere
    if not consent:
        raise UserError(_("请先勾选同意：由您本人交给对方，放不放贷由对方决定。"), field="consent")
    if not bank.strip():
        raise UserError(_("请写交给哪家机构。"), field="bank")
    today = clock.today()
    content = content_of(member)
    return Statement.objects.create(
        member=member, bank=bank.strip()[:60], at=clock.now(), content=content,
        signature=crypto.sign(KEY, plain(content)),
        valid_until=today + timedelta(days=policy.get(HonorRules).statement_days), public_key=crypto.public_key(KEY),
    )  # fmt: skip


def content_of(member: Member) -> dict[str, Any]:
    """Return what a statement says: totals of a year by rule, what is held, titles; no neighbour, no comparison."""
    today = clock.today()
    earned = Earning.objects.filter(member=member, day__gt=today - YEAR).values("rule").annotate(points=Sum("points"))
    rules = policy.get(HonorRules).behaviours
    return {
        "member": str(member.pk),
        "from": (today - YEAR).isoformat(),
        "to": today.isoformat(),
        "earned": {str(rules[r["rule"]].title) if r["rule"] in rules else r["rule"]: r["points"] for r in earned},
        "held": ledger.balance(accounts.of_member(member)).balance,
        "titles": sorted(member.recognitions.filter(book="honour").values_list("code", flat=True)),
    }


def plain(content: dict[str, Any]) -> bytes:
    """Return what is signed: canonical JSON."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def holds(statement: Statement) -> bool:
    """Return whether a statement is what we signed and is still valid."""
    signed = crypto.holds(statement.public_key, statement.signature, plain(statement.content))
    return signed and bytes(statement.public_key) == crypto.public_key(KEY) and statement.valid_until >= clock.today()


@transaction.atomic
def note_loan(*, actor: Actor, statement: Statement, fen: int) -> None:
    """Note what its owner says was lent on it; the decision was the bank's."""
    if not _owns(actor, statement.member) and not actor.is_post:
        raise NotHere
    if fen <= 0:
        raise UserError(_("请填获贷金额。"), field="fen")
    Statement.objects.filter(pk=statement.pk).update(lent_fen=fen)


def _owns(actor: Actor, member: Member) -> bool:
    if actor.person_id is None:
        return False
    if member.person_id is not None:
        return members.is_own(actor, member)
    return member.organisation is not None and member.organisation.contact_id == actor.person_id
