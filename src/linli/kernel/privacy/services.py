"""Seeing a full value, and agreeing to things. ``actor`` first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.people import selectors as people
from linli.kernel.people.models import Person
from linli.kernel.people.numbers import birth_date
from linli.kernel.posts.actors import Actor
from linli.kernel.privacy.events import ConsentWithdrawn, consent_withdrawn, may_reveal
from linli.kernel.privacy.models import AccessLog, Consent

SHORTEST_REASON = 4
_GUARDED_UNTIL = 14


class Closed(UserError):
    """This actor may not see that value."""

    code = "closed"
    status = 403


@dataclass(frozen=True, slots=True)
class Readable:
    """A field group whose full value can be shown: its title and how it is read."""

    name: str
    title: str | Promise
    read: Callable[[Person], str]


_readable: dict[str, Readable] = {}


def readable(name: str, title: str | Promise, read: Callable[[Person], str]) -> None:
    """Register the field group ``name``: :func:`reveal` answers with ``read(person)``. Once for each name."""
    if name in _readable:
        raise RuntimeError(f"the field group {name!r} is registered already")
    _readable[name] = Readable(name, title, read)


def title_of(field_group: str) -> str:
    """Return a field group's title for people; its name when no room registered it."""
    known = _readable.get(field_group)
    return str(known.title) if known else field_group


def access_row(
    *,
    actor: Actor,
    person: Person | UUID,
    field_group: str,
    purpose: str,
    reason: str = "",
    subject_id: UUID | None = None,
    area_code: str = "",
) -> AccessLog:
    """Return an unsaved log entry, for callers that show or export values of many people in one statement.

    ``area_code`` is where the person is; outside the actor's areas the entry is marked.
    """
    return AccessLog(
        at=clock.now(),
        person_id=person if isinstance(person, UUID) else person.pk,
        viewer=actor.person,
        post=actor.post,
        unit=actor.unit,
        shown_as=actor.label,
        field_group=field_group,
        purpose=purpose,
        reason=reason,
        subject_id=subject_id,
        outside=bool(area_code) and not actor.covers(area_code),
    )


def reveal(
    actor: Actor,
    person: Person,
    field_group: str,
    reason: str,
    *,
    purpose: str = "",
    subject_id: UUID | None = None,
    area_code: str = "",
) -> str:
    """Return the full value of a field group (``phone``, ``identity``, …) and log the look.

    People see their own values without an entry. Call it outside a transaction that may be rolled back, or
    the entry goes with it. Raises :class:`Closed` for whoever may not, :class:`UserError` on ``reason`` when
    it says nothing, :class:`NotHere` when there is no value.
    """
    group = _readable.get(field_group)
    if group is None:
        raise LookupError(f"no room registered the field group {field_group!r}")
    own = actor.person_id == person.pk and not actor.is_post
    if not own:
        _check(actor, person, field_group, reason, subject_id)
    value = group.read(person)
    if not value:
        raise NotHere(_("没有登记这项内容，或已按保存期限删除。"))
    if not own:
        access_row(
            actor=actor,
            person=person,
            field_group=field_group,
            purpose=purpose or str(group.title),
            reason=reason.strip(),
            subject_id=subject_id,
            area_code=area_code,
        ).save(force_insert=True)
    return value


def _check(actor: Actor, person: Person, field_group: str, reason: str, subject_id: UUID | None) -> None:
    # the auditor sees who looked, never what was there to see; a program has no reason of its own
    if not actor.is_post or actor.person is None or not actor.may_write:
        raise Closed(_("只有工作人员以本人岗位、因工作需要，才能查看完整内容。"))
    if len(reason.strip()) < SHORTEST_REASON:
        raise UserError(_("请写明查看的理由（至少4个字）；本人可以看到查看记录。"), field="reason")
    if not may_reveal.ask(actor=actor, person=person, field_group=field_group, subject_id=subject_id):
        raise Closed(_("这项内容不在您的岗位可以查看的范围内；确需联系请通过中心转接。"))


@transaction.atomic
def give_consent(
    *,
    actor: Actor,
    person: Person,
    purpose: str,
    notice: str,
    how: str,
    guardian: Person | None = None,
    scope_id: UUID | None = None,
) -> Consent:
    """Note that ``person`` agreed to ``purpose`` in the words of ``notice``; given again, the first stands.

    Raises :class:`UserError` when nothing was said, somebody agrees online for another, or a child under 14
    has no guardian's consent (PIPL 31).
    """
    if not notice.strip():
        raise UserError(_("请填写告知的内容。"), field="notice")
    if how == Consent.How.SELF and actor.person_id != person.pk:
        raise UserError(_("本人在线同意只能由本人操作；代办请选择纸质或电话。"), field="how")
    age = age_of(person)
    if guardian is None and (how == Consent.How.GUARDIAN or (age is not None and age < _GUARDED_UNTIL)):
        raise UserError(_("未满14周岁须由监护人同意；请登记监护人。"), field="guardian")
    open_one = Consent.objects.filter(person=person, purpose=purpose, scope_id=scope_id, withdrawn_at=None)
    try:
        with transaction.atomic():
            return Consent.objects.create(
                person=person,
                purpose=purpose,
                scope_id=scope_id,
                notice=notice.strip(),
                how=how,
                guardian=guardian,
                noted_by=actor.post,
                given_at=clock.now(),
            )
    except IntegrityError:
        return open_one.get()


@transaction.atomic
def withdraw_consent(*, actor: Actor, consent: Consent) -> None:
    """End a consent from now on. The person, the guardian or any working post may note it."""
    if not actor.is_post and actor.person_id not in {consent.person_id, consent.guardian_id}:
        raise Closed(_("只能撤回本人或被监护人的同意。"))
    if not Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=clock.now()):
        raise NotNow(_("这项同意已经撤回。"))
    consent_withdrawn.send(ConsentWithdrawn(consent.person_id, consent.purpose))


def age_of(person: Person) -> int | None:
    """Return the age by a checked resident ID, or None when no number is kept."""
    document = people.identity(person)
    if document is None or len(document.number) != 18:
        return None
    born, today = birth_date(document.number), clock.today()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
