"""What follows in the registry when two people are found to be one, somebody dies, or areas change."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Model, Q

from linli.affairs.registry.exporting import services as exporting
from linli.affairs.registry.models import (
    Address,
    Building,
    Fact,
    House,
    Offer,
    OrganisationRecord,
    OrganisationRole,
    PendingChange,
    Residency,
    Resident,
    Tag,
    Tenure,
    Vault,
    Verification,
)
from linli.affairs.registry.search import index
from linli.affairs.registry.services import changing
from linli.kernel import clock, privacy
from linli.kernel.areas.events import Redivided, redivided
from linli.kernel.matters import changes
from linli.kernel.people.events import Died, Merged, people_merged, person_died
from linli.kernel.people.selectors import same_human
from linli.kernel.privacy.events import ConsentWithdrawn, consent_withdrawn

_FREE = (Tenure, OrganisationRole)
_OF_RESIDENTS: tuple[type[Model], ...] = (PendingChange, Verification)
#: One open row each: what the kept resident has stays, the rest goes over (all facts and vault entries are open).
_ONE_OPEN: tuple[tuple[type[Model], str, Q], ...] = (
    (Residency, "kind", Q(valid_to=None)),
    (Tag, "code", Q(ended_on=None)),
    (Offer, "skill", Q(withdrawn_on=None)),
    (Fact, "name", ~Q(pk=None)),
    (Vault, "group", ~Q(pk=None)),
)


def connect() -> None:
    """Hear of merges, deaths and re-divisions; carry out agreed changes."""
    people_merged.connect(merged)
    person_died.connect(died)
    redivided.connect(areas_changed)
    consent_withdrawn.connect(withdrawn)
    changes.applies(
        changing.SUBJECT, changing.apply, chain=changing.CHAIN, refuse=changing.refuse, where=changing.where
    )

    changes.applies(
        exporting.SUBJECT, exporting.grant, chain=exporting.CHAIN, refuse=exporting.refuse, where=exporting.where
    )


def merged(event: Merged) -> None:
    """Let the dropped resident's rows go over to the kept one, or exactly those back."""
    for model in _FREE:
        event.repoint(model, "person")
    kept = Resident.objects.filter(pk=event.keep_id).first()
    dropped = Resident.objects.filter(pk=event.drop_id).first()
    if dropped is None:
        return
    if kept is None:
        return
    (_undo if event.undo else _merge)(event, kept, dropped)
    index.residents([event.keep_id, event.drop_id])


def _merge(event: Merged, kept: Resident, dropped: Resident) -> None:
    for model in _OF_RESIDENTS:
        event.repoint(model, "resident")
    # one open residence, tag, fact and vault entry each: what the kept one has stays, the rest goes over
    event.moved["registry.state"] = [dropped.state]
    for model, column, still in _ONE_OPEN:
        _over(event, model, column, still)
    dropped.state = Resident.State.MERGED
    dropped.save(update_fields=["state"])
    if not kept.id_hash and dropped.id_hash:
        event.moved["registry.identity"] = [str(kept.pk)]
        _lend(dropped, kept)


def _over(event: Merged, model: type[Model], column: str, still: Q) -> None:
    """Move the rows that do not collide, in ``column``, with one of the kept resident's that is ``still`` open.

    Rows that collide and are over themselves go too: they are history, and history may repeat.
    """
    taken = set(model._default_manager.filter(still, resident=event.keep_id).values_list(column, flat=True))
    rows = model._default_manager.filter(resident=event.drop_id)
    moving = rows.exclude(still & Q(**{f"{column}__in": taken}))
    keys = list(moving.values_list("pk", flat=True))
    event.moved[f"{model._meta.label_lower}.resident"] = [str(key) for key in keys]
    model._default_manager.filter(pk__in=keys).update(resident=event.keep_id)


def _undo(event: Merged, kept: Resident, dropped: Resident) -> None:
    for model in (*_OF_RESIDENTS, *(model for model, _column, _still in _ONE_OPEN)):
        event.repoint(model, "resident")
    if event.moved.get("registry.identity"):
        _take_back(kept)
    states = event.moved.get("registry.state") or [Resident.State.HERE]
    dropped.state = states[0]
    dropped.save(update_fields=["state"])


def _lend(dropped: Resident, kept: Resident) -> None:
    """Let the kept record know the number that only the dropped one had; the dropped one keeps its own."""
    kept.id_number, kept.id_hash, kept.id_last4 = dropped.id_number, dropped.id_hash, dropped.id_last4
    kept.save(update_fields=["id_number", "id_hash", "id_last4"])


def _take_back(kept: Resident) -> None:
    kept.id_number, kept.id_hash, kept.id_last4 = "", None, None
    kept.save(update_fields=["id_number", "id_hash", "id_last4"])


def died(event: Died) -> None:
    """Let the registry know of a death, or that it was recorded by mistake; tags and visits end at once."""
    found = Resident.objects.filter(pk=event.person_id).exclude(state=Resident.State.MERGED).first()
    if found is None:
        return
    lived = Residency.objects.filter(resident=found)
    if event.undo:
        found.state, found.ended_on = Resident.State.HERE, None
        lived.filter(valid_to=event.on).update(valid_to=None)
        Tag.objects.filter(resident=found, ended_on=event.on).update(ended_on=None)
    else:
        found.state, found.ended_on = Resident.State.DIED, event.on
        lived.filter(valid_to=None, valid_from__lte=event.on).update(valid_to=event.on)
        Tag.objects.filter(resident=found, ended_on=None).update(ended_on=event.on)
    found.save(update_fields=["state", "ended_on"])
    index.residents([found.pk])


def withdrawn(event: ConsentWithdrawn) -> None:
    """Let go of what stood on a consent that was taken back: a group of the vault, a tag; the proof stays."""
    people = same_human(event.person_id)
    groups = {f"registry.vault.{group}": group for group in Vault.Group.values}
    if event.purpose in groups:
        kept = Vault.objects.filter(resident__in=people, group=groups[event.purpose])
        privacy.erase_now("registry.vault", list(kept.values_list("pk", flat=True)), "consent withdrawn")
    elif event.purpose.startswith("registry.tag."):
        tags = Tag.objects.filter(resident__in=people, code=event.purpose.removeprefix("registry.tag."), ended_on=None)
        touched = list(tags.values_list("resident_id", flat=True))
        tags.update(ended_on=clock.today())
        index.residents(touched)


def areas_changed(event: Redivided) -> None:
    """Let what lay in an area that is no more lie in the one that inherits it, and rewrite the words of the rest.

    A split names several heirs: the first inherits, buildings are moved by list afterwards.
    """
    touched: set[UUID] = set()
    for move in event.moves:
        if move.before is None:
            continue
        heir = move.after[0].id
        if not move.continues:
            for model in (Address, Building, House, OrganisationRecord, Resident):
                model._default_manager.filter(area=move.before.id).update(area=heir)
        touched |= {heir, move.before.id}
    reindex(touched)


def reindex(places: set[UUID]) -> None:
    """Rewrite the words of everything in these areas and below."""
    from linli.kernel import areas

    tree = areas.tree()
    ids = {below.id for key in places if (node := tree.find_id(key)) for below in tree.under(node.code)}
    chosen = list(ids | places)
    index.residents(Resident.objects.filter(area__in=chosen).values_list("pk", flat=True))
    index.houses(House.objects.filter(area__in=chosen).values_list("pk", flat=True))
    index.organisations(OrganisationRecord.objects.filter(area__in=chosen).values_list("pk", flat=True))
