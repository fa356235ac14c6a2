"""What an earning is judged by: the member, locked, with what they have earned already and the posts they hold."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject

from linli.affairs.honor.models import Earning, Member
from linli.affairs.honor.policy import HonorRules
from linli.kernel import clock, policy
from linli.kernel.policy.shapes import Duties
from linli.kernel.posts.models import Holding
from linli.kernel.storage.fixed import Fixed


@dataclass(frozen=True)
class Standing:
    """A member whose row is locked until the transaction ends, so that two earnings never share a cap.

    ``repeated``: something was earned under this key before. ``today`` and ``month`` are the points that the rule has
    given so far; ``posts`` the kinds of post held on that day.
    """

    member: Member
    repeated: bool
    today: int
    month: int
    posts: frozenset[str]

    @property
    def paid(self) -> bool:
        """Whether somebody pays this member to look after the place: no points for a paid duty.

        Posts whose holders are not paid (a building's spokesperson) do not count.
        """
        return bool(self.posts) and not self.posts <= _unpaid()


def locked(member: Member, rule: str, day: date, key: str) -> Standing:
    """Lock ``member`` and return how they stand under ``rule`` on ``day``. Two statements.

    The second sees what whoever held the lock before has committed; one alone would not.
    """
    _LOCK(member=member.pk)
    (row,) = _SEEN(member=member.pk, rule=rule, key=key, first=day.replace(day=1), day=day, at=clock.at(day))
    earned = row.earned or {"today": 0, "month": 0}
    return Standing(row, row.repeated, earned["today"], earned["month"], frozenset(row.posts))


def _unpaid() -> frozenset[str]:
    kinds = policy.get(Duties).post_kinds
    return frozenset(policy.get(HonorRules).unpaid_posts) | {code for code, kind in kinds.items() if not kind.paid}


def _seen(member: uuid.UUID, rule: str, key: str, first: date, day: date, at: datetime) -> QuerySet[Member]:
    sums = JSONObject(today=Coalesce(Sum("points", filter=Q(day=day)), 0), month=Sum("points"))
    earned = Earning.objects.filter(member=OuterRef("pk"), rule=rule, day__gte=first, day__lte=day)
    held = Holding.objects.filter(Q(valid_to=None) | Q(valid_to__gt=at), person=OuterRef("person"), post__active=True)
    return Member.objects.filter(pk=member).annotate(
        repeated=Exists(Earning.objects.filter(key=key)),
        earned=Subquery(earned.values("member").values(json=sums)),
        posts=ArraySubquery(held.values("post__kind")),
    )


# No row that names this member waits for the lock: only who would change it or earn for it.
_LOCK = Fixed(
    lambda member: Member.objects.select_for_update(no_key=True).filter(pk=member).only("pk"), member=uuid.UUID
)
_SEEN = Fixed(_seen, member=uuid.UUID, rule=str, key=str, first=date, day=date, at=datetime)
