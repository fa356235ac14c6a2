"""The queues, lists and doors of the honor market."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.affairs.honor.models import Good
from linli.affairs.honor.process import COMMENDATION, DONATION, NOTICE, REDEMPTION
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.surfaces.desk import registry
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts.tables import Column


def _cells(matter: Matter) -> dict[str, Any]:
    row = matter.redemption
    return {"shop": row.shop.name, "points": row.points, "way": row.get_way_display()}


def _goods() -> list[tuple[str, Any]]:
    return list(Good.objects.order_by("name").values_list("code", "name"))


registry.add_queue(
    registry.Queue(
        key="honor-pick-up",
        title=_("待领取"),
        icon="package",
        duties=["shop_keeper"],
        expects=[(REDEMPTION.kind, "confirm")],
        order=60,
        hint=_("核对领取码后交付；过期没来领的会自动退回。"),
    )
)
registry.add_queue(
    registry.Queue(
        key="honor-gifts",
        title=_("待接收的捐赠"),
        icon="heart",
        duties=["donation_clerk"],
        expects=[(DONATION.kind, "receive")],
        order=62,
        hint=_("当面清点、计价、开收据，物品随即上架。"),
    )
)
registry.add_queue(
    registry.Queue(
        key="honor-award",
        title=_("待评定的表彰"),
        icon="award",
        duties=["honor_awarder"],
        expects=[(COMMENDATION.kind, "award")],
        order=64,
        hint=_("公示期满的推荐：看过不同意见后授予或不予授予。"),
    )
)
registry.add_queue(
    registry.Queue(
        key="honor-appeals",
        title=_("积分申诉"),
        icon="scale",
        duties=["points_reviewer"],
        expects=[(NOTICE.kind, "correct")],
        order=63,
        hint=_("没计分、撤回、按公约扣分的申诉：看过双方理由后改正或维持；告知的人不复核。"),
    )
)
registry.add_listing(
    registry.Listing(
        key="redemptions",
        kind=REDEMPTION.kind,
        title=_("积分兑换"),
        icon="store",
        order=40,
        columns=[
            Column(key="shop", label=_("兑换点")),
            Column(key="points", label=_("积分")),
            Column(key="way", label=_("方式")),
        ],
        cells=_cells,
        related=["redemption__shop"],
        categories=_goods,
    )
)
registry.add_listing(
    registry.Listing(
        key="donations",
        kind=DONATION.kind,
        title=_("捐赠"),
        icon="heart",
        order=42,
        columns=[Column(key="value", label=_("价值（元）")), Column(key="receipt", label=_("收据号"))],
        cells=lambda m: {"value": m.donation.value_fen / 100, "receipt": m.donation.receipt},
        related=["donation"],
    )
)
registry.add_listing(
    registry.Listing(key="points-notices", kind=NOTICE.kind, title=_("积分告知与申诉"), icon="scale", order=43)
)
registry.add_listing(
    registry.Listing(key="commendations", kind=COMMENDATION.kind, title=_("评选表彰"), icon="award", order=44)
)


@registry.category_name(REDEMPTION.kind)
def good_name(matter: Matter) -> str:
    """Return the name of what is redeemed."""
    return matter.redemption.good.name


def _keeps(request: HttpRequest) -> bool:
    return "shop_keeper" in duties_of(session.actor(request))


parts.register_nav(
    "desk",
    parts.NavItem(
        key="honor",
        label=_("荣誉超市"),
        url_name="honor:counter",
        icon="store",
        order=44,
        visible=_keeps,
        also=(
            "honor:handing",
            "honor:shelf",
            "honor:put-in",
            "honor:batch",
            "honor:card",
            "honor:earn",
            "honor:new",
            "honor:earnings",
            "honor:take-back",
            "honor:deduct",
            "honor:covenant",
            *("honor:goods", "honor:good", "honor:good-new", "honor:shop", "honor:shop-new", "honor:merchant"),
            *("honor:causes", "honor:pass-on", "honor:link"),
        ),
    ),
)


def _grants(request: HttpRequest) -> bool:
    return "honor_budgeter" in duties_of(session.actor(request))


parts.register_nav(
    "desk",
    parts.NavItem(
        key="honor-budget",
        label=_("积分额度"),
        url_name="honor:budget",
        icon="scale",
        order=45,
        visible=_grants,
    ),
)


def _reviews(request: HttpRequest) -> bool:
    return "points_reviewer" in duties_of(session.actor(request))


parts.register_nav(
    "desk",
    parts.NavItem(
        key="honor-looks", label=_("得分抽查"), url_name="honor:looks", icon="eye", order=46, visible=_reviews
    ),
)
