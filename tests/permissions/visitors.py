"""Eight visitors before one filed case (and one dispatched): who they are, and sample parameters of addresses."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from linli.affairs.briefings.process import BRIEFING
from linli.affairs.cases.process import CASE
from linli.affairs.meetings.process import MEETING
from linli.affairs.proposals.tests import support as proposals
from linli.affairs.registry.tests import support as registry
from linli.affairs.surveys.process import SURVEY
from linli.affairs.volunteering.process import ACTIVITY
from linli.gateways.hotline import services as hotline
from linli.gateways.hotline import sheets
from linli.gateways.hotline.models import Batch
from linli.kernel import clock, outreach, people
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.matters.secrets import secret_of
from linli.kernel.outreach.models import Subscription
from linli.kernel.posts import services as posts
from linli.kernel.posts.actors import Actor, resident_actor, system_actor
from linli.kernel.posts.models import DutyShift, Holding, Post, Unit
from linli.kernel.posts.session import PERSON_KEY
from linli.surfaces.desk.models import SavedView
from tests.support.lively import account, photo
from tests.support.world import COMMUNITY, OTHER_STREET, World

ORDER = ("anonymous", "resident", "reporter", "other area", "other unit", "right", "auditor", "link")


@dataclass
class Cast:
    """Everybody who knocks, and what they ask for."""

    world: World
    samples: dict[str, Any]
    clients: dict[str, Client] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def client(self, visitor: str, *, api: bool, right: str = "") -> tuple[Client, dict[str, str]]:
        """Return the browser of ``visitor``; for the API, a bare client and the token of the visitor's post.

        ``right`` names the kind of post that is the right one where it is not the community's secretary.
        """
        if visitor == "right" and right:
            if right not in self.clients:
                self.sit(right, self.world.actor(right))
            visitor = right
        if not api:
            return self.clients[visitor], {}
        token = self.tokens.get(visitor)
        return Client(raise_request_exception=False), {"authorization": f"Bearer {token}"} if token else {}

    def sit(self, visitor: str, actor: Actor) -> None:
        """Let ``visitor`` sign in as the person of ``actor``, and hold a token of its post."""
        self.clients[visitor] = Client(raise_request_exception=False)
        self.clients[visitor].force_login(account(actor), backend="django.contrib.auth.backends.ModelBackend")
        self.tokens[visitor] = posts.issue_token(actor=system_actor(), post=_post(actor), name="matrix").token


def gather(world: World) -> Cast:
    """Return the visitors, and a case that a resident reported and the community's secretary has filed."""
    reporter = people.ensure_by_phone("13887300001", "王大妈")
    shown = photo()
    matter = perform(
        process=CASE,
        action="report",
        actor=resident_actor(reporter),
        data={"description": "楼下垃圾好几天没人收", "area": COMMUNITY, "photos": [shown]},
    ).matter
    right = world.actor("community_secretary")
    perform(matter=matter, action="file", actor=right, data={"category": "E0102"})
    actors = {
        "other area": world.actor("street_dispatcher", area=OTHER_STREET),
        "other unit": world.actor("department_handler", unit="water"),
        "right": right,
        "auditor": world.actor("auditor"),
    }
    dispatched = perform(
        process=CASE, action="report", actor=resident_actor(), data={"description": "路灯不亮", "area": COMMUNITY}
    ).matter
    perform(matter=dispatched, action="file", actor=right, data={"category": "E0102"})
    perform(matter=dispatched, action="dispatch", actor=right, data={"lead": world.unit("gas").pk, "assistants": []})
    link = posts.issue_link(actor=right, unit=world.unit("water"), subject_id=matter.pk, purpose="task")
    view = SavedView.objects.create(
        person=right.person, listing="case", name="在办", query="open=1", created_at=clock.now()
    )
    cast = Cast(
        world,
        _of_the_roster(world, right)
        | {
            "number": matter.number,
            "task": Matter.objects.get(parent=dispatched).number,
            "secret": secret_of(matter.pk),
            "attachment_id": shown,
            "id": shown,
            "view_id": view.pk,
            "batch_id": _orders().pk,
            "subscription_id": _subscribed().pk,
            "token": link.token,
            "link_id": link.link.pk,
            "proposal": _published(world).number,
            "briefing": _drafted(world).number,
            **registry.samples(world),
            "meeting": _minuted(world).number,
            "survey": _asked(world).number,
            "activity": _called(right).number,
        },
    )
    for visitor in ORDER:
        cast.clients[visitor] = Client(raise_request_exception=False)
    for visitor, actor in actors.items():
        cast.sit(visitor, actor)
    _enter(cast.clients["resident"], people.ensure_by_phone("13887300002", "李大爷").pk)
    _enter(cast.clients["reporter"], reporter.pk)
    return cast


def _minuted(world: World) -> Matter:
    """Return a meeting that was held and minuted."""
    clerk, now = world.actor("shift_leader"), clock.now()
    data = {
        "name": "例会", "at": (now + timedelta(hours=1)).isoformat(timespec="seconds"), "place": "会议室",
        "chair": "副市长", "units": [world.unit("urban").pk],
    }  # fmt: skip
    matter = perform(process=MEETING, action="call", actor=clerk, data=data).matter
    with clock.using(now + timedelta(hours=2)):
        perform(matter=matter, action="hold", actor=clerk, data={"present": "城管局"})
        perform(matter=matter, action="minute", actor=clerk, data={"minutes": "一、议题"})
    return matter


def _called(right: Actor) -> Matter:
    """Return an activity that everybody near may sign up for."""
    now = clock.now()
    data = {
        "title": "清洁楼道", "sort": "service", "description": "扫楼道", "area": COMMUNITY, "place": "三单元",
        "starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=2)).isoformat(), "capacity": 10,
    }  # fmt: skip
    return perform(process=ACTIVITY, action="publish", actor=right, data=data).matter


def _asked(world: World) -> Matter:
    """Return a survey whose sample is drawn: of one, the reporter."""
    keeper = world.actor("shift_leader")
    data = {
        "title": "满意度", "frame_since": (clock.today() - timedelta(days=9)).isoformat(),
        "frame_until": clock.today().isoformat(), "size": 10,
    }  # fmt: skip
    matter = perform(process=SURVEY, action="plan", actor=keeper, data=data).matter
    perform(matter=matter, action="draw", actor=keeper)
    return matter


def _drafted(world: World) -> Matter:
    """Return the draft of yesterday's report."""
    data = {"kind": "day", "day": clock.today().isoformat()}
    return perform(process=BRIEFING, action="draft", actor=world.actor("centre_dispatcher"), data=data).matter


def _published(world: World) -> Matter:
    """Return a proposal whose reply is signed and on the portal."""
    matter = proposals.replied(world)
    perform(matter=matter, action="publish", actor=world.actor("publisher"), data={"seen": "on"})
    return matter


def _orders() -> Batch:
    """Return a file of one order of 12345 that was looked through and not imported."""
    headings = ["工单编号", "主要内容", "街乡镇"]
    content = sheets.write("工单", headings, [["GD1", "垃圾没人收", "没有的街道"]])
    return hotline.take_file(actor=system_actor(), system="12345", name="工单.xlsx", content=content)


def _subscribed() -> Subscription:
    """Return a subscription of another system to which nothing is sent: nobody runs the worker."""
    made, _secret = outreach.subscribe(
        actor=system_actor(), name="数字城管", url="https://city.example/hook", events=["matter.case.ended"]
    )
    return made


def _of_the_roster(world: World, right: Actor) -> dict[str, Any]:
    """Return sample ids of what the right visitor's unit keeps: posts, holdings, shifts, a hand-over, a leave."""
    colleague, now = world.actor("community_worker"), clock.now()

    def shift(who: Actor, start: int, end: int) -> DutyShift:
        return posts.put_on_roster(
            actor=system_actor(),
            unit=_unit(right),
            person=who.person_id or uuid.UUID(int=0),
            starts_at=now + timedelta(hours=start),
            ends_at=now + timedelta(hours=end),
        )

    ending, _mine, later = shift(colleague, -4, 1), shift(right, 1, 5), shift(right, 20, 24)
    handed = posts.hand_over(actor=colleague, leaving=ending)
    away = (now + timedelta(days=300), now + timedelta(days=301))
    leave = posts.take_leave(actor=system_actor(), person=colleague.person_id, starts_at=away[0], ends_at=away[1])
    return {
        "post_id": right.post_id,
        "unit_id": right.unit_id,
        "holding_id": Holding.objects.get(post=right.post).pk,
        "shift_id": later.pk,
        "hand_over_id": handed.pk,
        "leave_id": leave.pk,
    }


def _unit(actor: Actor) -> Unit:
    return _post(actor).unit


def _post(actor: Actor) -> Post:
    if actor.post is None:
        raise ValueError("a visitor of the staff has a post")
    return actor.post


def _enter(client: Client, person: uuid.UUID) -> None:
    session = client.session
    session[PERSON_KEY] = str(person)
    session.save()
    client.cookies["sessionid"] = session.session_key
