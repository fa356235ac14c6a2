"""What the desk shows of meetings and decisions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.meetings.minutes import decisions_of
from linli.affairs.meetings.models import Decision, Meeting
from linli.affairs.meetings.process import DECISION, MEETING
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor
from linli.surfaces import papers
from linli.surfaces.desk import registry
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts import shapes, words
from linli.surfaces.parts.tables import Column

CLERK = "meeting_clerk"

registry.add_queue(
    registry.Queue(
        key="meetings", title=gettext_lazy("例会"), icon="users", duties=[CLERK], order=72,
        expects=[(MEETING.kind, "hold"), (MEETING.kind, "issue"), (MEETING.kind, "close"), (DECISION.kind, "confirm")],
        hint=gettext_lazy("登记到会，写纪要，把决定一项项盯到落实。"),
    )
)  # fmt: skip
registry.add_queue(
    registry.Queue(
        key="decisions", title=gettext_lazy("会议决定落实"), icon="flag", duties=["decision_owner"], order=73,
        expects=[(DECISION.kind, "report")], hint=gettext_lazy("例会定给本单位的事，做完报落实情况。"),
    )
)  # fmt: skip
registry.add_listing(
    registry.Listing(
        key="meetings", kind=MEETING.kind, title=gettext_lazy("例会"), icon="users", order=44, related=["meeting"],
        columns=[Column(key="at", label=gettext_lazy("时间"))], cells=lambda m: {"at": words.moment(m.meeting.at)},
    )
)  # fmt: skip
registry.add_listing(
    registry.Listing(
        key="decisions", kind=DECISION.kind, title=gettext_lazy("会议决定"), icon="flag", order=45,
        related=["decision__unit"],
        columns=[Column(key="unit", label=gettext_lazy("落实单位")), Column(key="due", label=gettext_lazy("时限"))],
        cells=lambda m: {
            "unit": m.decision.unit.short_name or m.decision.unit.name, "due": m.decision.due_on.isoformat(),
        },
    )
)  # fmt: skip


@registry.panel(MEETING.kind)
def panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return when, where and who, the agenda, the minutes with their file, and how each decision stands."""
    meeting = Meeting.objects.defer("word").prefetch_related("units", "absent").get(pk=matter.pk)
    facts = _told(
        [
            (_("时间"), words.full_moment(meeting.at)),
            (_("地点"), meeting.place),
            (_("主持人职务"), meeting.chair),
            (_("参会单位"), "、".join(unit.short_name or unit.name for unit in meeting.units.all())),
            (_("出席"), meeting.present),
            (_("缺席单位"), "、".join(unit.short_name or unit.name for unit in meeting.absent.all())),
            (_("纪要印发日期"), words.day(meeting.issued_on) if meeting.issued_on else ""),
        ]
    )
    context = {
        "agenda": [line for line in meeting.agenda.splitlines() if line.strip()],
        "blocks": [block for block in papers.read(meeting.minutes) if isinstance(block, papers.Paragraph)],
        "issued": meeting.issued_on is not None,
        "word": reverse("meetings:minutes", args=[matter.number, "docx"]),
        "pdf": reverse("meetings:minutes", args=[matter.number, "pdf"]),
    }
    sections = [registry.Section(title=_("议程和纪要"), template="meetings/desk/minutes.html", context=context)]
    decided: list[tuple[Any, Any]] = [
        (f"{one.unit.short_name or one.unit.name} {one.due_on.isoformat()}", _state(one))
        for one in decisions_of(matter)
    ]
    if decided:
        sections.append(registry.Section(title=_("议定事项"), icon="flag", shapes=[shapes.Facts(decided)]))
    return registry.Panel(facts=facts, public_facts=facts, sections=sections)


def _state(decision: Decision) -> str:
    stage = DECISION.stage(decision.matter.stage).title
    late = _("（曾超时）") if decision.matter.overdue else ""
    return f"{decision.what} — {stage}{late}"


def _told(rows: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    return [(name, value) for name, value in rows if value]


@registry.panel(DECISION.kind)
def decision_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return what was decided, who does it, by when, and what was reported."""
    decision = Decision.objects.select_related("unit", "matter__parent").get(pk=matter.pk)
    meeting = decision.matter.parent
    facts = _told(
        [
            (_("决定事项"), decision.what),
            (_("落实单位"), decision.unit.name),
            (_("完成时限"), words.day(decision.due_on)),
            (_("会议"), meeting.title if meeting else ""),
            (_("落实情况"), decision.result),
        ]
    )
    return registry.Panel(facts=facts, public_facts=facts)


@registry.note(DECISION.kind, related="decision")
def note(matter: Matter) -> Any:
    """Return by when it is to be done."""
    return matter.decision.due_on.isoformat()


def _may_call(request: HttpRequest) -> bool:
    return CLERK in duties_of(session.actor(request))


parts.register_nav(
    "desk",
    parts.NavItem(
        key="meeting",
        label=gettext_lazy("通知开会"),
        url_name="meetings:new",
        icon="users",
        order=47,
        group=gettext_lazy("公文"),
        visible=_may_call,
    ),
)
