"""The queues, lists and doors of volunteering on the desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.affairs.volunteering import selectors
from linli.affairs.volunteering.granting import GRANT
from linli.affairs.volunteering.policy import VolunteeringRules
from linli.affairs.volunteering.process import ACTIVITY, SIGNUP
from linli.kernel import policy
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.surfaces.desk import registry
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts.tables import Column

registry.add_queue(
    registry.Queue(
        key="volunteer-confirm",
        title=_("志愿服务待确认"),
        icon="check-check",
        duties=["activity_confirmer"],
        expects=[(SIGNUP.kind, "confirm")],
        order=66,
        hint=_("做完的服务由另一个人确认；自己的、自己登记的请别人来。多的在活动页“一起确认”。"),
    )
)
registry.add_queue(
    registry.Queue(
        key="volunteer-appeals",
        title=_("志愿服务申诉"),
        icon="scale",
        duties=["activity_reviewer"],
        expects=[(SIGNUP.kind, "correct")],
        order=67,
        hint=_("不看自己办过的；采纳的更正时长，补记积分。"),
    )
)
registry.add_queue(
    registry.Queue(
        key="team-grants",
        title=_("团队小额经费"),
        icon="scale",
        duties=["grant_approver"],
        expects=[(GRANT.kind, "grant"), (GRANT.kind, "accept")],
        order=68,
        hint=_("核定不超过申请的；自己申请、自己登记支出的，请另一位核。"),
    )
)


def _cells(matter: Matter) -> dict[str, Any]:
    row = matter.volunteer_activity
    return {"starts": row.starts_at, "places": f"{row.taken}/{row.capacity}"}


def _sorts() -> list[tuple[str, Any]]:
    return [(code, sort.title) for code, sort in policy.get(VolunteeringRules).sorts.items()]


registry.add_listing(
    registry.Listing(
        key="volunteering",
        kind=ACTIVITY.kind,
        title=_("志愿活动"),
        icon="hand-helping",
        order=46,
        columns=[Column(key="starts", label=_("开始")), Column(key="places", label=_("已报/名额"))],
        cells=_cells,
        related=["volunteer_activity"],
        categories=_sorts,
    )
)


registry.add_listing(
    registry.Listing(
        key="team-grants",
        kind=GRANT.kind,
        title=_("团队小额经费"),
        icon="scale",
        order=47,
        columns=[Column(key="asked", label=_("申请（元）")), Column(key="granted", label=_("核定（元）"))],
        cells=lambda m: {"asked": m.team_grant.asked_fen / 100, "granted": m.team_grant.granted_fen / 100},
        related=["team_grant"],
    )
)


@registry.category_name(GRANT.kind)
def team_kind_name(matter: Matter) -> str:
    """Return what kind of team it is."""
    return policy.get(VolunteeringRules).teams.get(matter.category, matter.category)


@registry.category_name(ACTIVITY.kind)
def sort_name(matter: Matter) -> str:
    """Return what kind of activity it is."""
    return selectors.sort_title(matter.category)


@registry.category_name(SIGNUP.kind)
def service_sort_name(matter: Matter) -> str:
    """Return what kind of activity somebody takes part in."""
    return selectors.sort_title(matter.category)


def _takes_part(request: HttpRequest) -> bool:
    wanted = {"activity_organiser", "activity_confirmer", "activity_reviewer", "fund_keeper"}
    return bool(duties_of(session.actor(request)) & wanted)


parts.register_nav(
    "desk",
    parts.NavItem(
        key="volunteering",
        label=_("志愿服务"),
        url_name="volunteering:mine",
        icon="hand-helping",
        order=46,
        visible=_takes_part,
        also=tuple(
            f"volunteering:{name}"
            for name in (
                *("new", "roster", "confirm", "waiting", "flags", "scan", "sheet", "poster", "certificates"),
                *("registers", "team", "new-team", "new-partner", "fund", "new-grant"),
            )
        ),
    ),
)
