"""Noting what the residents of a place agreed: the text, the day, how it was adopted, and what it lets be deducted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.honor.models import Article, Covenant
from linli.kernel import clock
from linli.kernel.areas import Node
from linli.kernel.areas.models import Level
from linli.kernel.errors import NotHere, UserError
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor


@transaction.atomic
def adopt(
    *,
    actor: Actor,
    community: Node,
    title: str,
    text: str,
    adopted_on: date,
    adopted_by: str,
    since: date,
    articles: Sequence[tuple[str, int]] = (),
    sample: bool = False,
) -> Covenant:
    """Note the covenant of a community; it replaces the one before from ``since`` on, and is never changed.

    ``articles`` are what may be deducted: words and points at most. Raises :class:`NotHere` outside one's community,
    :class:`UserError` for a day before its adoption or one that lies behind what is in force.
    """
    if "covenant_keeper" not in duties_of(actor) or not actor.covers(community.code):
        raise NotHere
    if community.level != Level.COMMUNITY:
        raise UserError(_("公约按社区（村）登记。"), field="area")
    if adopted_on > clock.today():
        raise UserError(_("通过日期不能在以后：居民会议通过了才登记。"), field="adopted_on")
    if since < max(adopted_on, clock.today()):
        raise UserError(_("施行日期不能早于今天和通过日期：公约不溯及以前的事。"), field="since")
    if any(not 0 < points <= 1000 for _words, points in articles):
        raise UserError(_("每一条最多扣的分，请填 1 到 1000。"), field="articles")
    made = Covenant.objects.create(
        area_id=community.id, area_code=community.code, title=title, text=text, adopted_on=adopted_on,
        adopted_by=adopted_by, since=since, sample=sample, post_id=actor.post_id, at=clock.now(),
    )  # fmt: skip
    Article.objects.bulk_create(
        [
            Article(covenant=made, number=number, words=words, points=points)
            for number, (words, points) in enumerate(articles, 1)
        ]
    )
    return made


def in_force(code: str, on: date | None = None) -> Covenant | None:
    """Return the covenant of the community ``code`` on a day, today by default; ``None`` where none was noted."""
    rows = Covenant.objects.filter(area_code=code[:12], since__lte=on or clock.today())
    return rows.order_by("-since", "-pk").first()
