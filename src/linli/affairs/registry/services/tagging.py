"""Tags from the reviewed dictionary, and what people offer of themselves."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.registry.models import Offer, Resident, Source, Tag
from linli.affairs.registry.policy import TagDictionary
from linli.affairs.registry.search import index
from linli.affairs.registry.services import guards
from linli.kernel import clock, policy, privacy
from linli.kernel.errors import NotHere, UserError
from linli.kernel.posts.actors import Actor


def consent_purpose(code: str) -> str:
    """Return under which purpose somebody agrees to a tag."""
    return f"registry.tag.{code}"


@transaction.atomic
def put_tag(
    *, actor: Actor, resident: Resident | UUID, code: str, on: date | None = None, until: date | None = None,
    source: str = Source.VISIT, how: str = "",
) -> Tag:  # fmt: skip
    """Say a word of the dictionary of somebody, until it expires; said again, it is renewed.

    Raises :class:`UserError` on ``code`` for a word that is not in it, needs a consent that is not there, or is held
    by another duty; on ``until`` beyond the dictionary's days.
    """
    current = guards.locked(resident)
    guards.alive(current)
    word = policy.get(TagDictionary).by_code.get(code)
    if word is None:
        raise UserError(_("字典里没有这个标签；标签只能从审定的字典里选。"), field="code")
    guards.within(actor, current.area_id, word.holder)
    if word.consent and not privacy.has_consent(current.person_id, consent_purpose(code)):
        raise UserError(_("“%(tag)s”须先取得本人或监护人的同意。") % {"tag": word.title}, field="code")
    day = on or clock.today()
    latest = day + timedelta(days=word.days)
    end = until or latest
    if not day < end <= latest:
        raise UserError(_("到期日应在 %(from)s 之后、%(to)s 以前。") % {"from": day, "to": latest}, field="until")
    columns = {
        "basis": word.basis, "purpose": word.purpose[:100], "holder": actor.post, "expires_on": end,
        **guards.stamp(actor, "identity", source, how), "next_check_on": end,
    }  # fmt: skip
    tag, made = Tag.objects.get_or_create(
        resident=current, code=code, ended_on=None, defaults={"valid_from": day, **columns}
    )
    if not made:
        Tag.objects.filter(pk=tag.pk).update(**columns)
        tag.refresh_from_db()
    index.residents([current.pk])
    return tag


@transaction.atomic
def end_tag(*, actor: Actor, tag: Tag, on: date | None = None) -> None:
    """Take a tag back before it expires."""
    word = policy.get(TagDictionary).by_code.get(tag.code)
    guards.within(actor, tag.resident.area_id, word.holder if word else guards.KEEPER)
    Tag.objects.filter(pk=tag.pk, ended_on=None).update(ended_on=on or clock.today())
    index.residents([tag.resident_id])


@transaction.atomic
def offer(*, actor: Actor, resident: Resident | UUID, skill: str, words: str = "") -> Offer:
    """Note what somebody offered to do; by themselves, or told to a keeper in their own words.

    Raises :class:`UserError` on ``skill`` without a word, :class:`NotHere` for anybody else's.
    """
    current = guards.locked(resident)
    _own_or_keeper(actor, current)
    text = skill.strip()
    if not text or len(text) > 40:
        raise UserError(_("请写一项特长（最长40字），例如：修电器、书法、调解。"), field="skill")
    found, _made = Offer.objects.get_or_create(
        resident=current, skill=text, withdrawn_on=None,
        defaults={"words": words.strip()[:100], "offered_on": clock.today()},
    )  # fmt: skip
    return found


@transaction.atomic
def withdraw_offer(*, actor: Actor, offer: Offer) -> None:
    """Take an offer back; as easy as making it."""
    _own_or_keeper(actor, offer.resident)
    Offer.objects.filter(pk=offer.pk, withdrawn_on=None).update(withdrawn_on=clock.today())


def _own_or_keeper(actor: Actor, resident: Resident) -> None:
    if actor.kind == "resident":
        if actor.person_id != resident.person_id:
            raise NotHere
        return
    guards.within(actor, resident.area_id)
