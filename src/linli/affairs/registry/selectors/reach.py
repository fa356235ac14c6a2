"""Who may see what of the registry: the post's duty and its areas, in one place for filter and object."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from linli.affairs.registry.models import House, HouseMerge, OrganisationRecord, Resident
from linli.kernel import areas
from linli.kernel.errors import NotHere
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor

READER = "registry_reader"


def may_read(actor: Actor) -> bool:
    """Return whether the actor's post reads the registry at all."""
    return actor.is_system or (actor.is_post and READER in duties_of(actor))


def areas_of(actor: Actor) -> list[UUID] | None:
    """Return the ids of every area within reach, ``None`` for the whole district, ``[]`` for no reach."""
    if actor.is_system:
        return None
    if not may_read(actor):
        return []
    tree = areas.tree()
    if tree.root.id in actor.area_ids:
        return None
    return [node.id for code in actor.area_codes for node in tree.under(code)]


def residents(actor: Actor) -> QuerySet[Resident]:
    """Return the residents within reach, merged records left out."""
    found = Resident.objects.exclude(state=Resident.State.MERGED)
    within = areas_of(actor)
    return found if within is None else found.filter(area__in=within)


def houses(actor: Actor) -> QuerySet[House]:
    """Return the houses within reach."""
    within = areas_of(actor)
    return House.objects.all() if within is None else House.objects.filter(area__in=within)


def access_resident(actor: Actor, key: UUID) -> Resident:
    """Return a resident within reach, followed through a merge. Raises :class:`NotHere`."""
    found = Resident.objects.select_related("person").filter(pk=key).first()
    if found is not None and found.state == Resident.State.MERGED and found.person.merged_into_id:
        found = Resident.objects.select_related("person").filter(pk=found.person.merged_into_id).first()
    within = areas_of(actor)
    if found is None or (within is not None and found.area_id not in within):
        raise NotHere
    return found


def access_house(actor: Actor, key: UUID) -> House:
    """Return a house within reach, followed through a merge. Raises :class:`NotHere`."""
    into = HouseMerge.objects.filter(drop=key, undone_at=None).values_list("keep", flat=True).first()
    found = houses(actor).select_related("building__address").filter(pk=into or key).first()
    if found is None:
        raise NotHere
    return found


def access_organisation(actor: Actor, key: UUID) -> OrganisationRecord:
    """Return an organisation within reach. Raises :class:`NotHere`."""
    found = OrganisationRecord.objects.select_related("organisation", "house").filter(pk=key).first()
    within = areas_of(actor)
    if found is None or (within is not None and found.area_id not in within):
        raise NotHere
    return found
