"""What looks odd is shown to a person, who decides; nothing here takes an hour or a point from anybody."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.cases.services import draws
from linli.affairs.volunteering.models import Flag, Signup
from linli.affairs.volunteering.policy import VolunteeringRules
from linli.kernel import clock, evidence
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.evidence.models import Attachment
from linli.kernel.evidence.selectors import metres
from linli.kernel.matters import Transition
from linli.kernel.matters.rules import duties_of
from linli.kernel.people.selectors import same_human
from linli.kernel.posts.actors import Actor

if TYPE_CHECKING:
    from linli.kernel.matters.models import Matter

Point = tuple[float, float]
REVIEWER = "activity_reviewer"


def raise_flag(signup: Signup, matter: Matter, why: Flag.Why, words: str = "") -> None:
    """Note something odd, once for each reason."""
    Flag.objects.bulk_create(
        [Flag(signup=signup, why=why, words=words[:160], area_code=matter.area_code, found_at=clock.now())],
        ignore_conflicts=True,
    )


def arrived(t: Transition, point: Point | None) -> None:
    """Look at where a volunteer's phone was: near enough, and reachable from where it was before."""
    detail: Signup = t.detail
    rules, activity = t.pinned(VolunteeringRules), t.detail.activity
    matter = t.matter
    if activity.lon is None or activity.lat is None:
        return
    if point is None:
        t.then(lambda: raise_flag(detail, matter, Flag.Why.NO_PLACE))
        return
    far = round(metres(point, (activity.lon, activity.lat)))
    if far > rules.place.near:
        t.then(lambda: raise_flag(detail, matter, Flag.Why.FAR, _("约 %(n)d 米") % {"n": far}))
    _journey(t, point, rules)


def _journey(t: Transition, point: Point, rules: VolunteeringRules) -> None:
    detail: Signup = t.detail
    since = t.at - timedelta(hours=12)
    rows = Signup.objects.filter(person__in=same_human(detail.person_id), in_at__gte=since).exclude(pk=detail.pk)
    for other in rows.filter(in_metres__isnull=False, places_erased=False).order_by("-in_at")[:3]:
        here = _point(other.out_point or other.in_point)
        left = other.out_at or other.in_at
        if here is None or left is None:
            continue
        km, spent = metres(here, point) / 1000, max((t.at - left) / timedelta(hours=1), 1 / 3600)
        if km > 1 and km / spent > rules.watch.fastest_kmh:
            words = _("%(minutes)d 分钟走了 %(km)s 公里") % {"minutes": round(spent * 60), "km": f"{km:.1f}"}
            t.then(partial(raise_flag, detail, t.matter, Flag.Why.FAST, words))
            return


def _point(text: str) -> Point | None:
    if not text:
        return None
    lon, lat = text.split(",")
    return float(lon), float(lat)


def same_photo(t: Transition) -> None:
    """Look whether a photo is, byte for byte, one that proved something else; the caller has attached them."""
    digests = [row.sha256 for row in evidence.of(t.matter.pk) if row.sha256]
    used = Attachment.objects.filter(sha256__in=digests).exclude(subject_id=None).exclude(subject_id=t.matter.pk)
    if digests and used.exists():
        raise_flag(t.detail, t.matter, Flag.Why.PHOTO, _("与别处交过的照片完全相同"))


def look_alikes(signup: Signup, matter: Matter) -> None:
    """Look whether a photo looks like one that proved something else; found once the worker has seen both."""
    found = [one for row in evidence.of(matter.pk) if row.is_image for one in evidence.similar(row)]
    if found:
        raise_flag(signup, matter, Flag.Why.PHOTO, _("与别处的照片很像（差 %(n)d/64）") % {"n": found[0].distance})


def confirmed(t: Transition) -> None:
    """Look at who confirmed whom: the same two in one minute, a post that never says no, and a random share."""
    detail, matter, rules = t.detail, t.matter, t.pinned(VolunteeringRules)
    look_alikes(detail, matter)
    post_id = t.actor.post_id
    pair = Signup.objects.filter(
        person__in=same_human(detail.person_id), confirmed_by=post_id, confirmed_at__gt=t.at - timedelta(minutes=1)
    ).exclude(pk=detail.pk)
    if post_id is not None and pair.exists():
        raise_flag(detail, matter, Flag.Why.MINUTE)
    if post_id is not None and _never_says_no(t, rules):
        raise_flag(detail, matter, Flag.Why.ALWAYS, _("%(n)d 次以上") % {"n": rules.watch.always})
    if draws.falls(matter.pk, rules.watch.again, "volunteering"):
        raise_flag(detail, matter, Flag.Why.DRAWN)


def _never_says_no(t: Transition, rules: VolunteeringRules) -> bool:
    since = t.at - timedelta(days=rules.watch.days)
    rows = Signup.objects.filter(confirmed_by=t.actor.post_id, confirmed_at__gt=since).order_by("-confirmed_at")
    decided = list(rows.values_list("matter__stage", "minutes", "claimed")[: rules.watch.always + 1])
    return len(decided) >= rules.watch.always and all(
        stage not in {"refused", "not_counted"} and minutes == claimed for stage, minutes, claimed in decided
    )


@transaction.atomic
def judge(*, actor: Actor, flag: Flag, wrong: bool, note: str = "") -> None:
    """Say what a look at a flag found; it changes nothing else. Who confirmed the service does not judge its flag.

    Raises :class:`NotHere` without the duty or outside the own areas, :class:`NotNow` for one that was judged,
    :class:`UserError` without a note where something is wrong.
    """
    row = Flag.objects.select_for_update(of=("self",)).select_related("signup__matter").filter(pk=flag.pk).first()
    if row is None or REVIEWER not in duties_of(actor) or not actor.covers(row.area_code):
        raise NotHere
    if actor.person_id in row.signup.matter.handler_ids:
        raise UserError(_("您办过这一件，请另一位来看。"))
    if row.verdict:
        raise NotNow(_("已经有人看过了。"))
    if wrong and not note.strip():
        raise UserError(_("请写明看到了什么。"), field="note")
    row.verdict = Flag.Verdict.WRONG if wrong else Flag.Verdict.FINE
    row.note, row.judged_at, row.judged_by_id = note.strip()[:200], clock.now(), actor.post_id
    row.save(update_fields=["verdict", "note", "judged_at", "judged_by"])
