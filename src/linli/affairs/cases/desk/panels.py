"""What the matter page shows of a case, a unit's task and an on-the-spot settlement."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.cases import selectors as cases
from linli.affairs.cases.desk.calling import next_call_words
from linli.affairs.cases.desk.saying import OUTCOMES, category_name
from linli.affairs.cases.forms.closing import SATISFIED
from linli.affairs.cases.forms.handling import RESULTS
from linli.affairs.cases.instructions.process import INSTRUCTION
from linli.affairs.cases.models import Attempt, Case, Instruction, Task
from linli.affairs.cases.policy import CallBack, Categories, Sources
from linli.affairs.cases.process import CASE, SPOT, TASK
from linli.kernel import people, policy, privacy
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry
from linli.surfaces.parts import shapes, words
from linli.surfaces.parts.maps import Point

REVEAL_REASONS = [
    ("核实反映的情况", gettext_lazy("核实反映的情况")),
    ("告知办理进度", gettext_lazy("告知办理进度")),
    ("回访办理结果", gettext_lazy("回访办理结果")),
    ("联系上门处理", gettext_lazy("联系上门处理")),
]


@registry.panel(CASE.kind)
def case_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return the facts of a case, its reporter behind a mask, what may be the same, and what came of it."""
    case: Case = matter.case
    public = _facts(matter, case)
    facts = [(_("问题"), case.description), *public, *_reporter_facts(actor, matter, case)]
    sections = [s for s in (_result(matter, case), _duplicates(actor, matter), _released(case)) if s is not None]
    return registry.Panel(
        facts=[(name, value) for name, value in facts if value],
        public_facts=public,
        sections=sections,
        point=_point(matter, case),
        links=_links(actor, matter),
    )


def _facts(matter: Matter, case: Case) -> list[tuple[Any, Any]]:
    channels = policy.get(Sources).channels
    channel = channels[case.channel].title if case.channel in channels else case.channel
    external = f"{case.external_system} {case.external_number}".strip()
    rows: list[tuple[Any, Any]] = [
        (_("类别"), category_name(matter)),
        (_("地点"), case.place),
        (_("循环"), case.get_loop_display()),
        (_("渠道"), channel),
        (_("外部编号"), external),
        (_("外部期限"), words.full_moment(case.external_due_at) if case.external_due_at else ""),
        (_("主办单位"), case.lead_unit.name if case.lead_unit_id and case.lead_unit else ""),
        (_("处置阶段"), _phase(matter, case)),
        (_("现场核实"), {"real": _("属实"), "gone": _("已消失"), "unfounded": _("不属实")}.get(case.checked, "")),
        (_("重开"), _("%(n)d 次") % {"n": case.reopened} if case.reopened else ""),
    ]
    return [(name, value) for name, value in rows if value]


def _phase(matter: Matter, case: Case) -> str:
    table = policy.pinned(matter.pins, Categories)
    category = table.by_code.get(matter.category)
    count = len(table.phases(category)) if category else 1
    return _("第 %(now)d 阶段，共 %(all)d 阶段") % {"now": case.phase, "all": count} if count > 1 else ""


def _reporter_facts(
    actor: Actor, matter: Matter, case: Case, *, shown_on: Matter | None = None
) -> list[tuple[Any, Any]]:
    reporter = matter.reporter
    if reporter is None:
        return []
    # A link's bearer has no name of its own to put into the log of looks, so it sees nobody.
    if not actor.is_post or not may_reveal(actor, matter):
        return [(_("反映人"), _("需要联系反映人，请打给派单的人转接"))]
    phone = people.contact(reporter)
    rows: list[tuple[Any, Any]] = [(_("反映人"), privacy.mask_name(reporter.name) or _("未留姓名"))]
    if phone is not None:
        mask = shapes.Mask(
            shown=privacy.mask_phone(phone.value),
            reveal_url=reverse("desk:reveal", args=[(shown_on or matter).number]),
            field="phone",
            reasons=REVEAL_REASONS,
            phone=True,
        )
        rows.append((_("电话"), mask))
    if case.relation:
        rows.append((_("代反映"), case.relation))
    return rows


@registry.reveals(CASE.kind)
@registry.reveals(TASK.kind)
def may_reveal(actor: Actor, matter: Matter) -> bool:
    """Return whether ``actor`` may see who reported: on a task, the unit only where the reporter allowed it."""
    about = matter.parent if matter.kind == TASK.kind else matter
    if about is None or about.kind != CASE.kind or about.reporter_id is None:
        return False
    return cases.sees_reporter(actor, about)


def _point(matter: Matter, case: Case) -> Point | None:
    if case.lon is None or case.lat is None:
        return None
    return Point(lon=case.lon, lat=case.lat, label=case.place or matter.title)


def _links(actor: Actor, matter: Matter) -> list[shapes.Action]:
    if "intake_clerk" in duties_of(actor) and matter.reporter_id:
        return [
            shapes.Action(
                label=_("打印回执"), url=reverse("desk:slip", args=[matter.number]), icon="qr-code", kind="quiet"
            )
        ]
    return []


def _result(matter: Matter, case: Case) -> registry.Section | None:
    tries = list(case.attempts.select_related("post").order_by("at")) if matter.reporter_id else []
    verdict = case.verdicts.order_by("-at").first() if case.outcome else None
    if not (case.result or case.outcome or tries or matter.stage == "verified"):
        return None
    rows: list[tuple[Any, Any]] = [(_("处置结果"), case.result)]
    if case.outcome:
        rows.append((_("结论"), OUTCOMES.get(case.outcome, case.outcome)))
        rows.append((_("满意度"), dict(SATISFIED).get(case.satisfied, "")))
    if verdict is not None:
        mark = _("工作人员代录") if verdict.by_staff else _("反映人本人")
        rows.append((_("谁说的"), _("%(mark)s，%(at)s") % {"mark": mark, "at": words.full_moment(verdict.at)}))
    if matter.stage == "verified" and matter.reporter_id:
        rows.append((_("下次回访"), next_call_words(matter, tries)))
    channels = policy.get(CallBack).channels
    trail = shapes.Timeline([_attempt(t, channels) for t in reversed(tries)], label=_("回访经过"))
    drawn: list[shapes.Shape] = [shapes.Facts([(n, v) for n, v in rows if v])]
    return registry.Section(title=_("结果与回访"), icon="circle-check", shapes=[*drawn, trail] if tries else drawn)


def _attempt(tried: Attempt, channels: Any) -> shapes.TrailEntry:
    return shapes.TrailEntry(
        at=tried.at,
        act=_("联系上了") if tried.reached else _("没有联系上"),
        who=channels.get(tried.channel, tried.channel),
        text=tried.note,
        tone="done" if tried.reached else "rice",
    )


def _duplicates(actor: Actor, matter: Matter) -> registry.Section | None:
    if matter.stage not in {"collected", "filed"} or not CASE.action("merge").by:
        return None
    near = cases.possible_duplicates(matter)
    if not near:
        return None
    rule = CASE.action("merge").by
    may_merge = rule is not None and rule.allows(actor, matter)
    rows = [
        {
            "matter": other,
            "metres": metres,
            "merge": f"{reverse('desk:act', args=[matter.number, 'merge'])}?parent={other.number}" if may_merge else "",
        }
        for other, metres in near
    ]
    return registry.Section(
        title=_("可能是同一件事"),
        icon="git-merge",
        template="cases/desk/duplicates.html",
        context={"rows": rows},
        aside=True,
    )


def _released(case: Case) -> registry.Section | None:
    if case.released_at is None:
        return None
    rows = [
        (_("标题"), case.public_title),
        (_("内容"), case.public_text),
        (_("公开时间"), words.full_moment(case.released_at)),
    ]
    return registry.Section(title=_("已公开的文字"), icon="megaphone", shapes=[shapes.Facts(rows)])


@registry.panel(TASK.kind)
def task_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return what a unit has to do: the problem and the place, its limit, what the dispatcher said, its answer."""
    task: Task = matter.task
    parent = matter.parent
    case = Case.objects.select_related("matter__reporter", "lead_unit").get(pk=parent.pk) if parent else None
    rows: list[tuple[Any, Any]] = [
        (_("问题"), case.description if case else ""),
        (_("类别"), category_name(matter)),
        (_("地点"), case.place if case else ""),
        (_("承办单位"), f"{task.unit.name}（{task.get_role_display()}）"),
        (_("派遣意见"), task.note),
        (
            _("处置时限"),
            _("%(n)s %(unit)s") % {"n": f"{task.amount.normalize():f}", "unit": limit_word(task.limit_unit)},
        ),
        (_("计划完成"), words.day(task.planned_on) if task.planned_on else ""),
        (_("代办记录"), task.by_call),
        (_("处置结果"), dict(RESULTS).get(task.result, task.result)),
        (_("答复"), task.reply),
    ]
    public = [(n, v) for n, v in rows[1:] if v]
    if case is not None:
        rows[3:3] = _reporter_facts(actor, case.matter, case, shown_on=matter)
    return registry.Panel(
        facts=[(n, v) for n, v in rows if v],
        public_facts=public,
        point=_point(matter, case) if case else None,
        links=_task_links(actor, matter),
    )


def limit_word(unit: str) -> str:
    """Return 工作时, 工作日 … for the unit of a limit."""
    from linli.kernel.worktime import Unit

    return str(Unit(unit).label)


def _task_links(actor: Actor, matter: Matter) -> list[shapes.Action]:
    if not matter.is_open or "dispatcher" not in duties_of(actor):
        return []
    return [
        shapes.Action(
            label=_("发一次性链接"), url=reverse("desk:link", args=[matter.number]), icon="link", kind="quiet"
        )
    ]


@registry.panel(INSTRUCTION.kind)
def instruction_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return who instructed what, who carries it out until when, and what they answered."""
    said = Instruction.objects.select_related("unit").get(pk=matter.pk)
    rows = registry.told(
        [
            (_("批示领导"), said.leader),
            (_("批示内容"), said.text),
            (_("口头批示"), _("由登记人记录") if said.verbal else ""),
            (_("落实单位"), said.unit.name if said.unit else ""),
            (_("要求落实日期"), words.day(said.due_on) if said.due_on else ""),
            (_("落实情况"), said.reply),
        ]
    )
    return registry.Panel(facts=rows, public_facts=[row for row in rows if row[0] != _("批示内容")])


@registry.note(TASK.kind, related="task")
def role_word(matter: Matter) -> Any:
    """Return 主办 or 协办."""
    return matter.task.get_role_display()


@registry.panel(SPOT.kind)
def spot_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return what was put right on the spot, and whether it was drawn for a second look."""
    spot = matter.spot
    public = [
        (_("类别"), category_name(matter)),
        (_("地点"), spot.place),
        (_("抽查"), _("抽中复看") if spot.drawn else _("未抽中")),
    ]
    point = (
        Point(lon=spot.lon, lat=spot.lat, label=spot.place or matter.title)
        if spot.lon is not None and spot.lat is not None
        else None
    )
    facts = [(_("做了什么"), spot.description), *public]
    return registry.Panel(facts=[(n, v) for n, v in facts if v], public_facts=public, point=point)
