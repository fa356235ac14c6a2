"""Two records that are one human, and back."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.errors import NotNow, UserError
from linli.kernel.people.events import Acting, Merged, people_merged
from linli.kernel.people.models import Account, Contact, Identity, Membership, Merge, Person
from linli.kernel.people.services.persons import settle_assurance

_ENDED_CONTACTS, _ENDED_MEMBERSHIPS = "ended contacts", "ended memberships"


@transaction.atomic
def merge(*, actor: Acting, keep: Person, drop: Person, reason: str) -> Merge:
    """Let ``keep`` stand for both: numbers, documents, account and what other rooms re-point go over to it.

    Nothing is deleted, so :func:`unmerge` can undo it. Raises :class:`NotNow` when either was merged already,
    both have a document of the same kind, or both can sign in.
    """
    if keep.pk == drop.pk:
        raise UserError(_("请选择两个不同的人。"))
    if not reason.strip():
        raise UserError(_("请写明合并的理由。"), field="reason")
    # in the order of ids: two merges of the same pair must not wait for each other
    pair = {p.pk: p for p in Person.objects.select_for_update().filter(pk__in=[keep.pk, drop.pk]).order_by("id")}
    kept, dropped = pair[keep.pk], pair[drop.pk]
    _check(kept, dropped)
    record = Merge(keep=kept, drop=dropped, reason=reason.strip(), by_post=actor.post_id, at=clock.now())
    payload = Merged(record.pk, kept.pk, dropped.pk)
    _repoint(payload)
    dropped.merged_into = kept
    dropped.save(update_fields=["merged_into"])
    people_merged.send(payload)
    record.moved = payload.moved
    record.save(force_insert=True)
    settle_assurance(kept)
    return record


def _check(keep: Person, drop: Person) -> None:
    if keep.merged_into_id or drop.merged_into_id:
        raise NotNow(_("其中一人已经合并到别人；请刷新后重选。"))
    if (keep.deceased_on is None) != (drop.deceased_on is None):
        raise NotNow(_("其中一人已登记去世；请先核实再合并。"))
    documents = Identity.objects.filter(ended_at=None)
    kinds = set(documents.filter(person=keep).values_list("kind", flat=True))
    if documents.filter(person=drop, kind__in=kinds).exists():
        raise NotNow(_("两人各有同类证件且号码不同，不是同一人；请核对证件。"))
    if Account.objects.filter(person__in=[keep, drop]).count() > 1:
        raise NotNow(_("两人各有登录账号；请先停用并解绑其中一个，再合并。"))


def _repoint(payload: Merged) -> None:
    """Move what this room keeps, or move it back."""
    if not payload.undo:
        _end_doubles(payload)
    for model in (Contact, Identity, Account, Membership):
        payload.repoint(model, "person")
    if payload.undo:
        Contact.objects.filter(pk__in=payload.moved[_ENDED_CONTACTS]).update(ended_at=None)
        Membership.objects.filter(pk__in=payload.moved[_ENDED_MEMBERSHIPS]).update(valid_to=None)


def _end_doubles(payload: Merged) -> None:
    """End the dropped one's line where both have the same number or household, and remember which."""
    kept_numbers = Contact.objects.filter(person=payload.keep_id, ended_at=None).values("value_hash")
    contacts = Contact.objects.filter(person=payload.drop_id, ended_at=None, value_hash__in=kept_numbers)
    kept_homes = Membership.objects.filter(person=payload.keep_id, valid_to=None).values("household")
    homes = Membership.objects.filter(person=payload.drop_id, valid_to=None, household__in=kept_homes)
    payload.moved[_ENDED_CONTACTS] = [str(key) for key in contacts.values_list("pk", flat=True)]
    payload.moved[_ENDED_MEMBERSHIPS] = [str(key) for key in homes.values_list("pk", flat=True)]
    contacts.update(ended_at=clock.now())
    homes.update(valid_to=clock.today())


@transaction.atomic
def unmerge(*, actor: Acting, record: Merge) -> None:
    """Undo a merge: what it moved goes back. Raises :class:`NotNow` when ``keep`` was merged on since."""
    current = Merge.objects.select_for_update().get(pk=record.pk)
    if current.undone_at is not None:
        raise NotNow(_("这次合并已经撤销。"))
    pair = {
        p.pk: p
        for p in Person.objects.select_for_update().filter(pk__in=[current.keep_id, current.drop_id]).order_by("id")
    }
    kept, dropped = pair[current.keep_id], pair[current.drop_id]
    if kept.merged_into_id:
        raise NotNow(_("保留的一方后来又合并到别人；请先撤销后一次合并。"))
    payload = Merged(current.pk, kept.pk, dropped.pk, undo=True, moved=current.moved)
    _repoint(payload)
    dropped.merged_into = None
    dropped.save(update_fields=["merged_into"])
    people_merged.send(payload)
    current.undone_at, current.undone_by_post = clock.now(), actor.post_id
    current.save(update_fields=["undone_at", "undone_by_post"])
    for person in (kept, dropped):
        settle_assurance(person)
