"""The registers of teams and partners: founded, joined, left, ended; a roster taken along, with a reason."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.affairs.honor import selectors as honor
from linli.affairs.volunteering.models import Partner, Signup, Team, TeamMember
from linli.kernel import clock, people, privacy
from linli.kernel.areas import Node
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.matters.rules import duties_of
from linli.kernel.people.models import Person
from linli.kernel.people.selectors import same_human
from linli.kernel.posts.actors import Actor
from linli.kernel.privacy.models import AccessLog

KEEPER = "team_keeper"


def _may(actor: Actor, code: str) -> None:
    if KEEPER not in duties_of(actor) or not actor.covers(code) or not actor.may_write:
        raise NotHere


@transaction.atomic
def found(*, actor: Actor, community: Node, name: str, kind: str, purpose: str, on: date) -> Team:
    """Enter a team. Raises :class:`NotHere` outside the own areas, :class:`UserError` for a name that is taken."""
    _may(actor, community.code)
    try:
        with transaction.atomic():
            return Team.objects.create(
                name=name, kind=kind, purpose=purpose, founded_on=on, area_id=community.id, area_code=community.code
            )
    except IntegrityError as error:
        raise UserError(_("这个社区已经有一支同名的团队。"), field="name") from error


@transaction.atomic
def end(*, actor: Actor, team: Team) -> None:
    """Note that a team has dissolved; its accounts and history stay."""
    _may(actor, team.area_code)
    Team.objects.filter(pk=team.pk, ended_on=None).update(ended_on=clock.today())


@transaction.atomic
def join(*, actor: Actor, team: Team, part: str, card: str = "", name: str = "", phone: str = "") -> TeamMember:
    """Put somebody on the roster, by card or by name and number. Raises :class:`UserError` for who is on it."""
    _may(actor, team.area_code)
    if team.ended_on is not None:
        raise NotNow(_("这支团队已经解散。"))
    person = _known(card) if card else people.canonical(people.ensure_by_phone(phone, name))
    if TeamMember.objects.filter(team=team, person__in=same_human(person), until=None).exists():
        raise UserError(_("这个人已经在名册上。"), field="card" if card else "phone")
    return TeamMember.objects.create(team=team, person=person, part=part, since=clock.today())


def _known(card: str) -> Person:
    member = honor.member_by_card(card)
    if member is None or member.person is None:
        raise UserError(_("没有这张卡，请核对卡上的数字。"), field="card")
    return people.canonical(member.person)


@transaction.atomic
def leave(*, actor: Actor, member: TeamMember) -> None:
    """Take somebody off the roster from today."""
    _may(actor, member.team.area_code)
    TeamMember.objects.filter(pk=member.pk, until=None).update(until=clock.today())


@transaction.atomic
def add_partner(*, actor: Actor, community: Node, name: str, kind: str, does: str) -> Partner:
    """Enter who works together with a community. Raises :class:`UserError` for one that is entered."""
    _may(actor, community.code)
    try:
        with transaction.atomic():
            return Partner.objects.create(
                name=name, kind=kind, does=does, area_id=community.id, area_code=community.code, since=clock.today()
            )
    except IntegrityError as error:
        raise UserError(_("这个社区已经登记了这家伙伴。"), field="name") from error


@transaction.atomic
def end_partner(*, actor: Actor, partner: Partner) -> None:
    """Note that a partner no longer takes part."""
    _may(actor, partner.area_code)
    Partner.objects.filter(pk=partner.pk, until=None).update(until=clock.today())


@transaction.atomic
def take_roster(*, actor: Actor, team: Team, reason: str) -> list[TeamMember]:
    """Return a team's roster to take along; each person's access log says who took it and why."""
    _may(actor, team.area_code)
    rows = list(team.members.filter(until=None).select_related("person").order_by("part", "since"))
    _logged(actor, [row.person for row in rows], reason, _("导出团队名册"), team.area_code)
    return rows


@transaction.atomic
def take_signups(*, actor: Actor, rows: list[Signup], reason: str, code: str) -> None:
    """Note in each person's access log that an activity's roster was taken along, and why."""
    if "activity_organiser" not in duties_of(actor) or not actor.may_write:
        raise NotHere
    _logged(actor, [row.person for row in rows], reason, _("导出活动名单"), code)


def _logged(actor: Actor, persons: list[Person], reason: str, purpose: str, code: str) -> None:
    if len(reason.strip()) < 2:
        raise UserError(_("请写明导出做什么用，本人查得到。"), field="reason")
    AccessLog.objects.bulk_create(
        [
            privacy.access_row(
                actor=actor, person=person, field_group="name", purpose=purpose, reason=reason.strip(), area_code=code
            )
            for person in persons
        ]
    )
