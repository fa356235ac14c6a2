"""The seven members of each grid (七员入网): who they are, where one is missing, what stands on their two lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from linli.affairs.visits.policy import GridMembers, Member
from linli.kernel import areas, clock, policy
from linli.kernel.areas import Level, Node
from linli.kernel.posts import selectors as posts
from linli.kernel.posts.models import Holding, Post


@dataclass(frozen=True)
class Seat:
    """One member of a grid: the post and who holds it, ``None`` for a post that is vacant."""

    post: Post
    holder: Holding | None

    @property
    def name(self) -> str:
        """The holder's name, or nothing."""
        return self.holder.person.name if self.holder else ""


@dataclass(frozen=True)
class GridTeam:
    """A grid with its members by code; a code without seats is a member that the grid does not have."""

    node: Node
    seats: dict[str, list[Seat]]

    @property
    def missing(self) -> int:
        """How many of the members the grid does not have."""
        return sum(not any(seat.holder for seat in seats) for seats in self.seats.values())


def teams(community: Node) -> list[GridTeam]:
    """Return every grid of a community with its seven members. Four statements, whatever the number of grids.

    A post that covers the community, the street or the district belongs to each of the grids below.
    """
    tree = areas.tree()
    grids = [n for n in tree.under(community.code) if n.level == Level.GRID] or [community]
    above = [community, *tree.ancestors(community)]
    table = policy.get(GridMembers).members
    today = clock.today()
    kinds = [kind for member in table for kind in member.posts]
    covering = Post.objects.filter(
        Q(coverage__valid_to=None) | Q(coverage__valid_to__gt=today),
        kind__in=kinds, active=True, coverage__valid_from__lte=today,
        coverage__area__in=[n.id for n in (*grids, *above)],
    )  # fmt: skip
    rows = list(covering.order_by("title", "pk").values_list("pk", "coverage__area_id"))
    # A post without areas of its own covers its unit's, as everywhere.
    whole = Post.objects.filter(kind__in=kinds, active=True, coverage=None, unit__area__in=[n.id for n in above])
    rows += list(whole.order_by("title", "pk").values_list("pk", "unit__area_id"))
    found = {post.pk: post for post in Post.objects.filter(pk__in={pk for pk, _ in rows}).select_related("unit")}
    holders = posts.active_holders(found)
    by_area: dict[UUID, list[Seat]] = {}
    for pk, area_id in rows:
        by_area.setdefault(area_id, []).append(Seat(found[pk], holders.get(pk)))
    return [GridTeam(node, _seats(node, above, by_area, table)) for node in grids]


def _seats(
    node: Node, above: Sequence[Node], by_area: dict[UUID, list[Seat]], table: Sequence[Member]
) -> dict[str, list[Seat]]:
    here = [seat for place in dict.fromkeys([node.id, *(n.id for n in above)]) for seat in by_area.get(place, [])]
    return {member.code: [seat for seat in here if seat.post.kind in member.posts] for member in table}


def mine(kind: str) -> Member | None:
    """Return which member a kind of post is, with its lists; ``None`` for a post that is none of the seven."""
    return policy.get(GridMembers).of(kind)
