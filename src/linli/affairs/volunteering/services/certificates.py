"""志愿服务记录证明: on request and free; what the record says, signed, and checkable by anybody who has its code.

Contents by 民政部令第67号 and its forms: name, service, time, place, record holder, date. The number of an identity
document is not on it: whoever needs it sees it on the document itself.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.volunteering import hours, selectors
from linli.affairs.volunteering.models import Certificate, Record
from linli.affairs.volunteering.policy import VolunteeringRules
from linli.kernel import areas, clock, crypto, people, policy, privacy
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.matters.rules import duties_of
from linli.kernel.people.models import Assurance, Person
from linli.kernel.people.selectors import same_human
from linli.kernel.posts.actors import Actor

KEY = "certificates"
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 16
MOST_LINES = 500
SHORTEST = 4


@dataclass(frozen=True)
class Line:
    """One service of a certificate: when, what, where, for whom, how long."""

    day: date
    title: str
    place: str
    organiser: str
    minutes: int


def lines_of(person: Person, since: date, until: date) -> list[Line]:
    """Return the services of a time that count, oldest first, corrections added to what they correct."""
    rows: Iterable[Record] = selectors.records_of(person.pk).filter(day__gte=since, day__lte=until)[:MOST_LINES]
    found: dict[Any, Line] = {}
    for row in rows:
        activity = row.signup.activity
        before = found.get(row.signup_id)
        found[row.signup_id] = Line(
            row.day, activity.matter.title, activity.place, activity.organiser,
            row.minutes + (before.minutes if before else 0),
        )  # fmt: skip
    return sorted((line for line in found.values() if line.minutes > 0), key=lambda line: line.day)


@transaction.atomic
def issue(
    *, actor: Actor, person: Person, since: date, until: date, names: bool = False, asked: str = ""
) -> Certificate:
    """Make a certificate of the hours between two days, for whoever served them or at the counter for them.

    ``names`` is the holder's consent that the public page shows the whole name; ``asked`` says who came to the counter
    for it and stands in the holder's access log. Raises :class:`NotHere` for anybody else's, :class:`UserError` before
    the identity was checked, for days the wrong way round, or without an hour.
    """
    person = people.canonical(person)
    own = actor.person_id is not None and actor.person_id in same_human(person) and not actor.is_post
    if not own and not ("activity_clerk" in duties_of(actor) and selectors.served_here(actor).filter(pk=person.pk)):
        raise NotHere
    if not own and len(asked.strip()) < SHORTEST:
        raise UserError(_("请写明谁来办的，本人查得到。"), field="asked")
    if person.assurance < Assurance.CHECKED:
        raise UserError(_("开证明要先核验身份：带身份证到社区窗口核验一次，以后随时自己开。"))
    if not person.name:
        raise UserError(_("先在“我的信息”里填好姓名，再开证明。"))
    if until < since:
        raise UserError(_("开始日期应在结束日期之前。"), field="since")
    lines = lines_of(person, since, until)
    if not lines:
        raise UserError(_("这段时间没有已确认的服务时长，换个日期再开。"), field="since")
    today = clock.today()
    code = "".join(secrets.choice(LETTERS) for _n in range(CODE_LENGTH))
    number = f"ZY-{today:%Y%m%d}-{code[:6]}"
    content: dict[str, Any] = {
        "number": number,
        "name": person.name,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "lines": [[x.day.isoformat(), x.title, x.place, x.organiser, x.minutes] for x in lines],
        "minutes": sum(x.minutes for x in lines),
        "holder": holder_of(actor),
        "on": today.isoformat(),
    }
    if not own:
        _noted(actor, person, asked.strip(), number)
    return Certificate.objects.create(
        number=number, code=code, person=person, since=since, until=until, content=content, names=names,
        issued_at=clock.now(), issued_by_id=actor.post_id, signature=crypto.sign(KEY, plain(content)),
        public_key=crypto.public_key(KEY),
        valid_until=today + timedelta(days=policy.get(VolunteeringRules).certificate_days),
    )  # fmt: skip


def _noted(actor: Actor, person: Person, asked: str, number: str) -> None:
    """Let the holder read who looked at their record, and who came for it: a resident reads the purpose."""
    purpose = _("开志愿服务证明：%(asked)s") % {"asked": asked}
    row = privacy.access_row(
        actor=actor, person=person, field_group="volunteer_record", purpose=purpose[:60],
        reason=f"{asked}（{number}）",
    )  # fmt: skip
    row.save(force_insert=True)


def holder_of(actor: Actor) -> str:
    """Return who keeps the record: the unit at the counter, else the district's platform."""
    if actor.unit is not None:
        return str(actor.unit.name)
    return _("%(district)s志愿服务记录平台") % {"district": areas.tree().root.name}


def plain(content: dict[str, Any]) -> bytes:
    """Return what is signed: canonical JSON."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def holds(row: Certificate) -> bool:
    """Return whether a certificate is what we signed, still valid, and not revoked."""
    signed = crypto.holds(row.public_key, row.signature, plain(row.content))
    ours = bytes(row.public_key) == crypto.public_key(KEY)
    return signed and ours and row.revoked_at is None and row.valid_until >= clock.today()


@transaction.atomic
def revoke(*, actor: Actor, certificate: Certificate, reason: str = "") -> None:
    """Let a certificate no longer hold: its owner may, or the counter with a reason.

    Raises :class:`NotHere` for others, :class:`NotNow` when it was revoked before.
    """
    own = actor.person_id is not None and actor.person_id in same_human(certificate.person_id)
    if not own and "activity_clerk" not in duties_of(actor):
        raise NotHere
    if not own and not reason.strip():
        raise UserError(_("请写明作废的理由。"), field="reason")
    changed = Certificate.objects.filter(pk=certificate.pk, revoked_at=None).update(
        revoked_at=clock.now(), revoked_because=reason.strip()[:200] or _("本人作废")
    )
    if not changed:
        raise NotNow(_("这张证明已经作废了。"))


def hours_of(row: Certificate) -> str:
    """Return the hours a certificate says."""
    return hours.in_words(int(row.content["minutes"]))
