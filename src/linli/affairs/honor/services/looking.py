"""A random tenth of what people confirmed is looked at again, and what is odd about a confirmer; a person decides.

Which ones are drawn follows from the installation's key, so no confirmer can know beforehand. Found by the worker,
not while somebody waits at the counter.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from linli.affairs.honor.models import Earning, Look, Notice
from linli.affairs.honor.services import noticing
from linli.kernel import clock, ids
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor

BACK = timedelta(days=2)
MINUTE = timedelta(minutes=1)
SHARE, ALWAYS, DAYS = 10, 50, 30


def find() -> int:
    """Note what of the last two days is to be looked at; return how many are new. Running it again adds nothing."""
    now = clock.now()
    rows = list(Earning.objects.filter(pk__gte=ids.floor(now - BACK), post__isnull=False).order_by("pk"))
    wanted = [*_drawn(rows), *_in_a_minute(rows), *_always(rows)]
    before = Look.objects.count()
    Look.objects.bulk_create(wanted, ignore_conflicts=True)
    return Look.objects.count() - before


def _drawn(rows: Iterable[Earning]) -> Iterable[Look]:
    secret = bytes.fromhex(settings.LINLI_SECRET("looks"))
    for row in rows:
        mac = hmac.new(secret, row.key.encode(), hashlib.sha256).digest()
        if int.from_bytes(mac[:4], "big") % SHARE == 0:
            yield _look(row, Look.Why.DRAWN, f"drawn:{row.pk}")


def _in_a_minute(rows: Iterable[Earning]) -> Iterable[Look]:
    last: dict[tuple[object, object], Earning] = {}
    for row in rows:
        pair = (row.post_id, row.member_id)
        if pair in last and ids.moment(row.pk) - ids.moment(last[pair].pk) < MINUTE:
            yield _look(row, Look.Why.MINUTE, f"minute:{row.pk}")
        last[pair] = row


def _always(rows: Iterable[Earning]) -> Iterable[Look]:
    """Yield the newest earning of each post that confirmed very often and never refused, once a month."""
    newest = {row.post_id: row for row in rows}
    since = ids.floor(clock.now() - timedelta(days=DAYS))
    often = Earning.objects.filter(pk__gte=since, post__in=newest).values("post").annotate(n=Count("pk"))
    refused = Notice.objects.filter(what=Notice.What.REFUSED, matter_id__gte=since)
    refusing = set(refused.values_list("matter__opening_area_code", flat=True))
    for one in often:
        row = newest[one["post"]]
        if one["n"] >= ALWAYS and row.area_code not in refusing:
            yield _look(row, Look.Why.ALWAYS, f"always:{row.post_id}:{clock.today():%Y%m}")


def _look(row: Earning, why: Look.Why, key: str) -> Look:
    return Look(earning=row, why=why, area_code=row.area_code, found_at=clock.now(), key=key)


@transaction.atomic
def judge(*, actor: Actor, look: Look, wrong: bool, note: str) -> None:
    """Say what a look found: nothing wrong, or taken back, which its owner is told and can appeal.

    Raises :class:`NotHere` without the duty or elsewhere, :class:`UserError` for whoever confirmed it.
    """
    if "points_reviewer" not in duties_of(actor) or not actor.covers(look.area_code):
        raise NotHere
    row = Look.objects.select_for_update(of=("self",)).select_related("earning__member").get(pk=look.pk)
    if row.verdict:
        raise NotNow(_("这一条已经看过。"))
    if row.earning.post_id == actor.post_id:
        raise UserError(_("自己确认的，请另一位工作人员看。"))
    if wrong:
        noticing.take_back(actor=actor, done=row.earning, reason=note)
    row.verdict = Look.Verdict.BACK if wrong else Look.Verdict.FINE
    row.note, row.post_id, row.looked_at = note.strip()[:120], actor.post_id, clock.now()
    row.save(update_fields=["verdict", "note", "post", "looked_at"])
