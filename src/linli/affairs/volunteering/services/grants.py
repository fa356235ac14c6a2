"""Small grants in the ledger (fen): a community's fund, what a team was granted, what it spent, what came back.

The platform takes no money and pays none: the entries say what was promised and accounted for. A fund that is used up
refuses the next grant by itself, and a team cannot enter more than it has.
"""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from linli.affairs.volunteering.granting import GRANT
from linli.affairs.volunteering.models import Outlay, TeamGrant
from linli.affairs.volunteering.teamforms import fen
from linli.kernel import areas, evidence, ledger
from linli.kernel.areas import Node
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.ledger import FEN, AccountRef, Entry, Kind, move
from linli.kernel.matters import Transition
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor

FUNDING = Kind("volunteering.funding", bounded=False)
FUND = Kind("volunteering.fund")
GRANTED = Kind("volunteering.grant")
OUTLAY = Kind("volunteering.outlay", bounded=False)
COMMUNITY = (FUNDING, FUND, GRANTED, OUTLAY)


def of_area(kind: Kind, area_id: uuid.UUID, code: str) -> AccountRef:
    """Return a community's account of ``kind``."""
    return AccountRef(kind, area_id, FEN, area_code=code)


def of_grant(grant: TeamGrant) -> AccountRef:
    """Return what is left of a grant."""
    return AccountRef(GRANTED, grant.pk, FEN, area_code=grant.team.area_code)


@transaction.atomic
def fund(*, actor: Actor, community: Node, amount: int, source: str, key: str) -> None:
    """Let a community grant ``amount`` fen more. Raises :class:`NotHere` without the duty, over the own areas."""
    if not actor.is_system and ("fund_keeper" not in duties_of(actor) or not actor.covers(community.code)):
        raise NotHere
    if amount <= 0:
        raise UserError(_("请填大于零的金额。"), field="yuan")
    source_account, target = (of_area(kind, community.id, community.code) for kind in (FUNDING, FUND))
    legs = move(source_account, target, amount)
    ledger.post(actor=actor, entry=Entry(f"fund:{key}", "fund", legs, basis=source[:120]))


@GRANT.on("ask")
def asked(t: Transition) -> None:
    """A team asks, through whoever keeps the register."""
    team = t.data["team"]
    t.detail.team, t.detail.purpose, t.detail.asked_fen = team, t.data["purpose"], fen(t.data["yuan"])
    t.place(areas.tree().by_id(team.area_id))
    t.hold(area=team.area_id)
    t.matter.title = _("%(team)s：%(purpose)s") % {"team": team.name, "purpose": t.data["purpose"][:60]}
    t.matter.category = team.kind


@GRANT.on("grant")
def granted(t: Transition) -> None:
    """Out of the community's fund, as far as it reaches."""
    amount, team = fen(t.data["yuan"]), t.detail.team
    t.detail.granted_fen, t.detail.source = amount, t.data["source"]
    t.detail.decision = (t.data.get("note") or "")[:200]
    source = of_area(FUND, team.area_id, team.area_code)
    legs = move(source, of_grant(t.detail), amount)
    t.then(lambda: _post(t, "grant", legs, _("社区自治金额度不够，请先增加额度，或少核定一些。")))


@GRANT.on("turn_down")
def turned_down(t: Transition) -> None:
    """Not this time, for a reason."""
    t.detail.decision = t.data["reason"][:200]


@GRANT.on("spend")
def spent(t: Transition) -> None:
    """A line of the team's accounts: what, how much, against which receipt."""
    amount, team = fen(t.data["yuan"]), t.detail.team
    if t.actor.post_id is None:
        raise NotHere
    row = Outlay(
        grant=t.detail, what=t.data["what"], fen=amount, receipt=t.data["receipt"], spent_on=t.data["spent_on"],
        at=t.at, post_id=t.actor.post_id,
    )  # fmt: skip
    t.write(row)
    legs = move(of_grant(t.detail), of_area(OUTLAY, team.area_id, team.area_code), amount)
    photos = t.data["photos"]
    t.then(lambda: _post(t, f"spend:{row.pk}", legs, _("这笔经费剩下的不够这么多，请核对金额。")))
    if photos:
        t.then(lambda: _attach(t, photos))


def _attach(t: Transition, photos: list[uuid.UUID]) -> None:
    evidence.attach(t.matter.pk, photos, evidence.Role.PROOF)


@GRANT.on("accept")
def accepted(t: Transition) -> None:
    """The accounts are right; what is left goes back to the fund."""
    team = t.detail.team
    left = ledger.balance(of_grant(t.detail)).available
    if left > 0:
        legs = move(of_grant(t.detail), of_area(FUND, team.area_id, team.area_code), left)
        t.then(lambda: _post(t, "back", legs, ""))


def _post(t: Transition, step: str, legs: tuple[ledger.Leg, ledger.Leg], overdrawn: str) -> None:
    kind = step.split(":", maxsplit=1)[0]
    try:
        ledger.post(actor=t.actor, entry=Entry(f"team:{t.matter.pk}:{step}", kind, legs, subject_id=t.matter.pk))
    except ledger.Overdrawn as error:
        raise NotNow(overdrawn, field="yuan", code="overdrawn") from error
