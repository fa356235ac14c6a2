"""What residents do to their own record: say that something is wrong, delete what may be deleted."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.registry.models import Fact, Residency, Resident, Tag
from linli.affairs.registry.policy import RegistryRules, TagDictionary
from linli.affairs.registry.search import index
from linli.affairs.registry.services import guards
from linli.affairs.registry.services.residents import own
from linli.kernel import clock, policy, privacy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.posts.actors import Actor


def _mine(actor: Actor, resident: Resident | UUID) -> Resident:
    current = guards.locked(resident)
    if not own(actor, current):
        raise NotHere
    return current


@transaction.atomic
def dispute(*, actor: Actor, resident: Resident | UUID, facts: Sequence[str]) -> None:
    """Let facts be due at once because their owner says that they are wrong; a post verifies them anew.

    Raises :class:`UserError` on ``facts`` when none is named, :class:`NotHere` for somebody else's record.
    """
    current = _mine(actor, resident)
    if not facts:
        raise UserError(_("请勾选哪一项不对。"), field="facts")
    doubt = {"next_check_on": clock.today(), "verified_how": ""}
    if "identity" in facts:
        Resident.objects.filter(pk=current.pk).update(**doubt)
    kinds = {"residence": Residency.Kind.LIVES, "registered": Residency.Kind.REGISTERED}
    for name, kind in kinds.items():
        if name in facts:
            Residency.objects.filter(resident=current, kind=kind, valid_to=None).update(**doubt)
    Fact.objects.filter(resident=current, name__in=facts).update(**doubt)


@transaction.atomic
def delete_own(*, actor: Actor, resident: Resident | UUID, fact: UUID | None = None, tag: UUID | None = None) -> None:
    """Delete an answer, or end a tag that rests on consent; the proof of it stays.

    Raises :class:`UserError` for what the community needs by law, with whom to speak.
    """
    current = _mine(actor, resident)
    if fact is not None:
        found = Fact.objects.filter(pk=fact, resident=current).first()
        rule = policy.get(RegistryRules).facts.get(found.name) if found else None
        if found is None or rule is None or rule.group != "asked":
            raise UserError(_("这一项是社区履行职责所必需，不能自行删除；有疑问请找社区。"))
        privacy.erase_now("registry.asked", [found.pk], _("本人要求"))
    if tag is not None:
        mine = Tag.objects.filter(pk=tag, resident=current, ended_on=None).first()
        word = policy.get(TagDictionary).by_code.get(mine.code) if mine else None
        if mine is None or word is None or not (word.consent or word.group in {"role", "service"}):
            raise UserError(_("这个标签依法登记，不能自行删除；有异议请点“不对”，由社区核实。"))
        Tag.objects.filter(pk=mine.pk).update(ended_on=clock.today())
        index.residents([current.pk])
