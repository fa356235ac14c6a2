"""Records that may be one human: found with reasons, merged by a second person's judgement, undone exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.registry.models import Residency, Resident, Twins
from linli.affairs.registry.policy import RegistryRules
from linli.affairs.registry.policy.rules import TwinPoints
from linli.affairs.registry.search.index import FINDABLE
from linli.affairs.registry.services import guards
from linli.kernel import areas, clock, people, policy
from linli.kernel.errors import NotNow, UserError
from linli.kernel.people.models import Contact
from linli.kernel.people.services import unmerge
from linli.kernel.posts.actors import Actor


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two records have in common, as (rule, points), and the sum."""

    reasons: tuple[tuple[str, int], ...]

    @property
    def score(self) -> int:
        """The sum of the points, between 0 and 100."""
        return max(0, min(100, sum(points for _rule, points in self.reasons)))


@dataclass(frozen=True, slots=True)
class _Traits:
    name: str
    sound: str
    born: object
    number: bytes | None
    phones: frozenset[bytes]
    house: UUID | None


def likeness(one: _Traits, other: _Traits, points: TwinPoints) -> Likeness:
    """Return why two records look like one human, or unlike; each reason has its points in policy."""
    found: list[tuple[str, int]] = []
    if one.name == other.name:
        found.append(("same_name", points.same_name))
    elif one.sound and one.sound == other.sound:
        found.append(("same_sound", points.same_sound))
    if one.born and other.born:
        same = one.born == other.born
        found.append(("same_birth", points.same_birth) if same else ("different_birth", points.different_birth))
    if one.phones & other.phones:
        found.append(("same_phone", points.same_phone))
    if one.house is not None and one.house == other.house:
        found.append(("same_house", points.same_house))
    if one.number and other.number and one.number != other.number:
        found.append(("different_number", points.different_number))
    return Likeness(tuple(found))


@transaction.atomic
def find_twins(*, actor: Actor, area: UUID) -> int:
    """Look for pairs in an area among those who share a name's sound, a birth date or a phone; return how many new.

    Pairs that were judged apart stay apart.
    """
    node = guards.within(actor, area, guards.CHECKER)
    tree = areas.tree()
    ids = [step.id for step in tree.under(node.code)]
    rules = policy.get(RegistryRules)
    traits = _traits(Resident.objects.filter(area__in=ids, state__in=FINDABLE))
    known = set(Twins.objects.filter(first__in=traits).values_list("first_id", "second_id"))
    fresh = []
    for first, second in _candidates(traits) - known:
        alike = likeness(traits[first], traits[second], rules.twin_points)
        if alike.score >= rules.twin_from:
            fresh.append(
                Twins(first_id=first, second_id=second, score=alike.score, reasons=alike.reasons, found_at=clock.now())
            )
    Twins.objects.bulk_create(fresh)
    return len(fresh)


def _traits(residents: Iterable[Resident]) -> dict[UUID, _Traits]:
    rows = list(residents.select_related("person"))  # type: ignore[attr-defined] # always a queryset
    keys = [row.pk for row in rows]
    numbers: dict[UUID, set[bytes]] = defaultdict(set)
    for person, value in Contact.objects.filter(person__in=keys, ended_at=None).values_list("person_id", "value_hash"):
        numbers[person].add(bytes(value))
    living = Residency.objects.filter(resident__in=keys, kind=Residency.Kind.LIVES, valid_to=None)
    houses = dict(living.values_list("resident_id", "house_id"))
    return {
        row.pk: _Traits(
            row.person.name, row.person.pinyin, row.born_on, bytes(row.id_hash) if row.id_hash else None,
            frozenset(numbers[row.pk]), houses.get(row.pk),
        )
        for row in rows
    }  # fmt: skip


def _candidates(traits: dict[UUID, _Traits]) -> set[tuple[UUID, UUID]]:
    """Return pairs that share a phone, or a name's sound together with a birth date or a house."""
    blocks: dict[object, list[UUID]] = defaultdict(list)
    for key, one in traits.items():
        for number in one.phones:
            blocks["phone", number].append(key)
        if one.sound and one.born:
            blocks["born", one.sound, one.born].append(key)
        if one.sound and one.house:
            blocks["house", one.sound, one.house].append(key)
    return {
        (min(a, b), max(a, b))
        for members in blocks.values()
        if 1 < len(members) <= 50
        for at, a in enumerate(members)
        for b in members[at + 1 :]
    }


@transaction.atomic
def merge_twins(*, actor: Actor, twins: Twins, keep: UUID, reason: str) -> Twins:
    """Let one record stand for both; the other's residences, tags, facts and matters go over to it.

    Raises :class:`NotNow` when the pair was decided, or the kernel sees two humans (two documents, two accounts).
    """
    current = _undecided(actor, twins)
    if keep not in {current.first_id, current.second_id}:
        raise UserError(_("请选择保留哪一条记录。"), field="keep")
    kept, dropped = (current.first, current.second) if keep == current.first_id else (current.second, current.first)
    if kept.id_hash and dropped.id_hash and bytes(kept.id_hash) != bytes(dropped.id_hash):
        raise NotNow(_("两条记录的证件号不同，不是同一人；如有一个登记错了，请先申请更正证件号。"))
    record = people.merge(actor=actor, keep=kept.person, drop=dropped.person, reason=reason)
    current.state, current.merge = Twins.State.MERGED, record
    return _decided(actor, current)


@transaction.atomic
def keep_apart(*, actor: Actor, twins: Twins) -> Twins:
    """Judge that two records are two humans; they are not proposed again."""
    current = _undecided(actor, twins)
    current.state = Twins.State.APART
    return _decided(actor, current)


@transaction.atomic
def unmerge_twins(*, actor: Actor, twins: Twins) -> Twins:
    """Undo a merge: everything that went over goes back, and the pair waits for a judgement again."""
    current = Twins.objects.select_for_update(of=("self",)).select_related("first").get(pk=twins.pk)
    guards.within(actor, current.first.area_id, guards.CHECKER)
    if current.state != Twins.State.MERGED or current.merge is None:
        raise NotNow(_("这一对没有合并，不用撤销。"))
    unmerge(actor=actor, record=current.merge)
    current.state, current.merge = Twins.State.OPEN, None
    return _decided(actor, current)


def _undecided(actor: Actor, twins: Twins) -> Twins:
    current = (
        Twins.objects.select_for_update(of=("self",)).select_related("first__person", "second__person").get(pk=twins.pk)
    )
    guards.within(actor, current.first.area_id, guards.CHECKER)
    if current.state != Twins.State.OPEN:
        raise NotNow(_("这一对已经判断过；请刷新后查看结果。"))
    return current


def _decided(actor: Actor, current: Twins) -> Twins:
    current.decided_by, current.decided_at = actor.post_id, clock.now()
    current.save(update_fields=["state", "merge", "decided_by", "decided_at"])
    return current
