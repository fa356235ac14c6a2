"""The vault: health, money, and children's numbers; each group opened by a duty of its own, each opening logged."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.registry.models import Resident, Vault
from linli.affairs.registry.policy import RegistryRules
from linli.affairs.registry.services import guards
from linli.kernel import areas, clock, policy, privacy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.posts.actors import Actor

DUTIES = {Vault.Group.HEALTH: "health_keeper", Vault.Group.MINOR: "minor_keeper", Vault.Group.MONEY: "money_keeper"}
CONSENTED = (Vault.Group.HEALTH, Vault.Group.MONEY)


def consent_purpose(group: str) -> str:
    """Return under which purpose somebody agrees to a group of the vault."""
    return f"registry.vault.{group}"


@transaction.atomic
def keep_safe(*, actor: Actor, resident: Resident | UUID, group: str, text: str, purpose: str) -> Vault:
    """Keep health or money of somebody who agreed to it separately (PIPL 29), until the fact's freshness ends.

    Raises :class:`UserError` on ``text`` without consent or without words, :class:`NotHere` for other duties.
    """
    guards.must(actor, DUTIES[Vault.Group(group)])
    current = guards.locked(resident)
    guards.within(actor, current.area_id, DUTIES[Vault.Group(group)])
    if group not in CONSENTED:
        raise UserError(_("未满14周岁者的证件号随登记自动存入，不单独填写。"), field="group")
    if not text.strip() or len(text) > 500:
        raise UserError(_("请填写内容（最长500字）。"), field="text")
    if not privacy.has_consent(current.person_id, consent_purpose(group)):
        raise UserError(_("没有本人（或监护人）的单独同意，不能登记；请先登记同意。"), field="text")
    rule = policy.get(RegistryRules).facts.get(group)
    until = clock.today() + timedelta(days=rule.fresh_days if rule else 180)
    kept, _made = Vault.objects.update_or_create(
        resident=current, group=group,
        defaults={
            "content": json.dumps({"text": text.strip()}, ensure_ascii=False), "purpose": purpose.strip()[:100],
            "basis": rule.basis if rule else _("本人单独同意"), "holder": actor.post, "kept_at": clock.now(),
            "expires_on": until,
        },
    )  # fmt: skip
    return kept


def open_safe(*, actor: Actor, resident: Resident, group: str, reason: str) -> str:
    """Return what the vault holds of somebody, and log the look. Call it outside a transaction.

    Raises :class:`NotHere` without the group's duty, in another area, or when there is nothing; :class:`UserError` on
    ``reason`` when it says nothing.
    """
    guards.must(actor, DUTIES[Vault.Group(group)])
    node = areas.tree().find_id(resident.area_id)
    if node is None or not actor.covers(node.code):
        raise NotHere
    if len(reason.strip()) < 4:
        raise UserError(_("请写明查看的理由（至少4个字）；本人可以看到查看记录。"), field="reason")
    kept = Vault.objects.filter(resident=resident, group=group, expires_on__gt=clock.today()).first()
    if kept is None:
        raise NotHere(_("没有登记这项内容，或已到期删除。"))
    privacy.access_row(
        actor=actor, person=resident.person_id, field_group=f"registry.{group}", purpose=kept.purpose[:60],
        reason=reason.strip(), area_code=node.code,
    ).save(force_insert=True)  # fmt: skip
    content: dict[str, str] = json.loads(kept.content)
    return next(iter(content.values()), "")
