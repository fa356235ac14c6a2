"""What the desk shows of proposals: queues, the register, the matter's panel."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.proposals import letters
from linli.affairs.proposals.models import Linked, Opinion, Proposal
from linli.affairs.proposals.policy import ProposalRules
from linli.affairs.proposals.process import OPINION, PROPOSAL
from linli.kernel import people, policy, privacy
from linli.kernel.matters import process_of
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.matters.selectors import visible
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor
from linli.surfaces import papers
from linli.surfaces.desk import registry
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts import shapes, words
from linli.surfaces.parts.tables import Column, Filter

CLERK = "proposal_clerk"

registry.add_queue(
    registry.Queue(
        key="proposals-assign", title=gettext_lazy("建议提案交办与反馈"), icon="send", duties=[CLERK], order=60,
        expects=[(PROPOSAL.kind, "assign"), (PROPOSAL.kind, "rate")],
        hint=gettext_lazy("收到的定主办、会办；答复后问提出人满意不满意。"),
    )
)  # fmt: skip
registry.add_queue(
    registry.Queue(
        key="proposals-handle", title=gettext_lazy("建议提案承办"), icon="pencil", order=61,
        duties=["proposal_handler"], expects=[(PROPOSAL.kind, "sign"), (OPINION.kind, "give")],
        hint=gettext_lazy("先与提出人沟通，收齐会办意见，再起草、送签。"),
    )
)  # fmt: skip


def _filters() -> list[Filter]:
    rules = policy.get(ProposalRules)
    return [
        Filter(name="type", label=_("种类"), options=[(code, kind.title) for code, kind in rules.kinds.items()]),
        Filter(name="result", label=_("办理类型"), options=[(code, one.title) for code, one in rules.results.items()]),
    ]


def _narrow(found: QuerySet[Matter], chosen: dict[str, str]) -> QuerySet[Matter]:
    for name, column in (("type", "proposal__kind"), ("result", "proposal__result")):
        if chosen.get(name):
            found = found.filter(**{column: chosen[name]})
    return found


def _cells(matter: Matter) -> dict[str, Any]:
    paper = matter.proposal
    lead = paper.lead_unit
    return {
        "serial": f"{paper.session}{paper.serial}",
        "lead": (lead.short_name or lead.name) if lead else "",
        "grade": str(paper.get_grade_display()),
    }


registry.add_listing(
    registry.Listing(
        key="proposals", kind=PROPOSAL.kind, title=gettext_lazy("建议提案"), icon="file-text", order=40,
        filters=_filters, narrow=_narrow, cells=_cells, related=["proposal__lead_unit"],
        columns=[
            Column(key="serial", label=gettext_lazy("文号")),
            Column(key="lead", label=gettext_lazy("主办")),
            Column(key="grade", label=gettext_lazy("评价")),
        ],
    )
)  # fmt: skip


@registry.reveals(PROPOSAL.kind)
def may_reveal(actor: Actor, matter: Matter) -> bool:
    """Return whether ``actor`` may see the proposer's number: whoever hands papers out, and the lead unit."""
    duties = duties_of(actor)
    lead = actor.unit_id is not None and actor.unit_id == matter.proposal.lead_unit_id
    return CLERK in duties or (lead and "proposal_handler" in duties)


@registry.panel(PROPOSAL.kind)
def panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return the paper, the proposer behind a mask, opinions, linked matters, and the reply as it stands."""
    paper = Proposal.objects.select_related("lead_unit").defer("letter").get(pk=matter.pk)
    rules = letters.rules_of(matter)
    public = _told(
        [
            (_("种类"), rules.kinds[paper.kind].title),
            (_("文号"), f"{paper.session}{paper.serial}"),
            (_("提出人"), paper.proposers),
            (_("收到日期"), words.day(paper.received_on)),
            (_("主办单位"), paper.lead_unit.name if paper.lead_unit else ""),
            (_("办理类型"), _result(paper, rules)),
            (_("是否公开"), "" if paper.public else _("不公开：%(why)s") % {"why": paper.not_public_because}),
            (_("签发"), paper.signed_by),
            (_("答复日期"), words.day(paper.signed_on) if paper.signed_on else ""),
            (_("提出人评价"), "，".join(filter(None, [str(paper.get_grade_display()), paper.grade_note]))),
            (_("公开日期"), words.day(paper.published_on) if paper.published_on else ""),
        ]
    )
    facts = [*public, *_phone(actor, matter), *_told([(_("建议内容"), paper.text)])]
    sections = [one for one in (_opinions(matter), _linked(actor, paper), _reply(matter, paper)) if one]
    return registry.Panel(facts=facts, public_facts=public, sections=sections)


def _told(rows: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    return [(name, value) for name, value in rows if value]


def _result(paper: Proposal, rules: ProposalRules) -> str:
    result = rules.results.get(paper.result)
    return f"{result.title}（{result.words}）" if result else ""


def _phone(actor: Actor, matter: Matter) -> list[tuple[Any, Any]]:
    if matter.reporter is None or not may_reveal(actor, matter):
        return []
    phone = people.contact(matter.reporter)
    if phone is None:
        return []
    reasons = [("与提出人沟通", _("与提出人沟通")), ("征询提出人意见", _("征询提出人意见"))]
    where = reverse("desk:reveal", args=[matter.number])
    shown = privacy.mask_phone(phone.value)
    return [(_("提出人电话"), shapes.Mask(shown=shown, reveal_url=where, field="phone", reasons=reasons, phone=True))]


def _opinions(matter: Matter) -> registry.Section | None:
    rows = [(given.unit.name, given.opinion) for given in letters.opinions(matter)]
    return registry.Section(title=_("会办意见"), icon="message-square", shapes=[shapes.Facts(rows)]) if rows else None


def _linked(actor: Actor, paper: Proposal) -> registry.Section | None:
    links = Linked.objects.filter(proposal=paper).order_by("pk").values_list("about", flat=True)
    rows: list[tuple[Any, Any]] = []
    for about in visible(actor, pk__in=links).order_by("pk"):
        stage = process_of(about.kind).stage(about.stage).title
        where = shapes.Link(f"{about.number} {about.title}", reverse("desk:matter", args=[about.number]))
        rows.append((stage, where))
    if not rows:
        return None
    return registry.Section(title=_("为此办的哨件和案件"), icon="megaphone", shapes=[shapes.Facts(rows)])


def _reply(matter: Matter, paper: Proposal) -> registry.Section | None:
    if not paper.reply:
        return None
    context = {
        "title": letters.title_of(paper, letters.rules_of(matter)),
        "blocks": [block for block in papers.read(paper.reply) if isinstance(block, papers.Paragraph)],
        "signed": paper.signed_on is not None,
        "word": reverse("proposals:letter", args=[matter.number, "docx"]),
        "pdf": reverse("proposals:letter", args=[matter.number, "pdf"]),
    }
    return registry.Section(title=_("答复"), icon="file-text", template="proposals/desk/reply.html", context=context)


@registry.panel(OPINION.kind)
def opinion_panel(request: HttpRequest, actor: Actor, matter: Matter) -> registry.Panel:  # noqa: ARG001 - a panel's signature
    """Return what a co-handling unit is asked, of which paper, and what it said."""
    opinion = Opinion.objects.select_related("unit").get(pk=matter.pk)
    paper = Proposal.objects.select_related("lead_unit").defer("letter").get(pk=matter.parent_id)
    facts = _told(
        [
            (_("会办单位"), opinion.unit.name),
            (_("文号"), f"{paper.session}{paper.serial}"),
            (_("主办单位"), paper.lead_unit.name if paper.lead_unit else ""),
            (_("交办意见"), opinion.note),
            (_("建议内容"), paper.text),
            (_("会办意见"), opinion.opinion),
        ]
    )
    return registry.Panel(facts=facts, public_facts=facts)


@registry.words(PROPOSAL.kind)
def word(actor: Actor, matter: Matter, name: str, value: Any) -> str | None:  # noqa: ARG001 - the registry's signature
    """Return a recorded code as policy names it."""
    rules = letters.rules_of(matter)
    if name == "kind" and value in rules.kinds:
        return rules.kinds[value].title
    if name == "result" and value in rules.results:
        return rules.results[value].title
    return None


@registry.note(OPINION.kind, related="proposal_opinion")
def note(matter: Matter) -> Any:  # noqa: ARG001 - the same for each
    """Return the part a unit has."""
    return _("会办")


def _may_register(request: HttpRequest) -> bool:
    return CLERK in duties_of(session.actor(request))


parts.register_nav(
    "desk",
    parts.NavItem(
        key="proposal", label=gettext_lazy("登记建议提案"), url_name="proposals:new", icon="file-text", order=45,
        group=gettext_lazy("公文"),
        visible=_may_register,
    ),
)  # fmt: skip
