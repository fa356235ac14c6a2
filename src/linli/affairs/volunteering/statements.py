"""Teams, partners and what teams spent, as the public reads it: no member is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from linli.affairs.volunteering.granting import GRANT
from linli.affairs.volunteering.models import Outlay, Partner, Team, TeamGrant
from linli.affairs.volunteering.policy import VolunteeringRules
from linli.affairs.volunteering.services.grants import COMMUNITY, FUND, FUNDING, GRANTED, OUTLAY
from linli.kernel import ledger, policy

SHOWN = 100


def yuan(fen: int) -> str:
    """Return an amount as people write it: ``1234.50``, ``20``."""
    return f"{fen / 100:.2f}".removesuffix(".00")


def team_counts(code: str) -> list[tuple[str, int]]:
    """Return how many teams of each kind there are under ``code``; kinds without a team are left out. One statement."""
    rows = Team.objects.filter(area_code__startswith=code, ended_on=None).values_list("kind").annotate(n=Count("pk"))
    kinds, found = policy.get(VolunteeringRules).teams, dict(rows)
    return [
        (kinds.get(kind, kind), found[kind]) for kind in [*kinds, *sorted(found.keys() - kinds.keys())] if kind in found
    ]


def teams(code: str) -> list[tuple[str, list[Team]]]:
    """Return all teams of a community by kind, each with ``size``, the number of its members. One statement."""
    rows = Team.objects.filter(area_code=code, ended_on=None).annotate(
        size=Count("members", filter=Q(members__until=None))
    )
    kinds = policy.get(VolunteeringRules).teams
    found: dict[str, list[Team]] = {kind: [] for kind in kinds}
    for row in rows.order_by("name"):
        found.setdefault(row.kind, []).append(row)
    return [(kinds.get(kind, kind), list(group)) for kind, group in found.items() if group]


def partners(code: str) -> list[tuple[str, list[Partner]]]:
    """Return who works together under ``code``, by kind (三社联动). One statement."""
    kinds = policy.get(VolunteeringRules).partners
    found: dict[str, list[Partner]] = {kind: [] for kind in kinds}
    for row in Partner.objects.filter(area_code__startswith=code, until=None).order_by("area_code", "name")[:SHOWN]:
        found.setdefault(row.kind, []).append(row)
    return [(kinds.get(kind, kind), group) for kind, group in found.items() if group]


@dataclass(frozen=True)
class Money:
    """What a place could give to teams and what became of it, in fen; ``put_in`` is the sum of the others."""

    put_in: int
    left: int
    granted: int
    spent: int


def money(code: str) -> Money:
    """Return the accounts under ``code`` from the ledger: put in = in the fund + with teams + spent."""
    sums = dict.fromkeys((kind.name for kind in COMMUNITY), 0)
    for ref, held in ledger.holdings(COMMUNITY, area_code=code).items():
        sums[ref.kind.name] += held.balance
    return Money(-sums[FUNDING.name], sums[FUND.name], sums[GRANTED.name], sums[OUTLAY.name])


@dataclass(frozen=True)
class Account:
    """A grant with what was spent of it, line by line."""

    grant: TeamGrant
    stage: Any
    granted: str
    spent: str
    lines: Sequence[Outlay]


def grants(code: str) -> list[Account]:
    """Return the grants under ``code``, newest first, with their lines. Two statements."""
    rows = TeamGrant.objects.filter(team__area_code__startswith=code, matter__kind=GRANT.kind, granted_fen__gt=0)
    found = list(rows.select_related("matter", "team").order_by("-matter_id")[:SHOWN])
    lines: dict[Any, list[Outlay]] = {}
    for one in Outlay.objects.filter(grant__in=found).order_by("spent_on", "pk"):
        lines.setdefault(one.grant_id, []).append(one)
    return [
        Account(
            row, GRANT.stage(row.matter.stage).title, yuan(row.granted_fen),
            yuan(sum(one.fen for one in lines.get(row.pk, []))), lines.get(row.pk, []),
        )
        for row in found
    ]  # fmt: skip
