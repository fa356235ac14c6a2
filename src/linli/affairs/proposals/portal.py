"""What the public reads of proposals: the replies that were published, one by one; the proposer's own story."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from linli.affairs.proposals import letters, selectors
from linli.affairs.proposals.process import PROPOSAL
from linli.kernel.matters.models import Matter
from linli.surfaces import papers
from linli.surfaces.parts.registry import NavItem, register_nav
from linli.surfaces.parts.tables import pages_for
from linli.surfaces.portal import registry

PAGE = 20


@require_GET
def replies(request: HttpRequest) -> HttpResponse:
    """The published replies, newest first."""
    page = Paginator(selectors.published(), PAGE).get_page(request.GET.get("page"))
    lines = [(one, letters.title_of(one, letters.rules_of(one.matter))) for one in page]
    context = {"lines": lines, "pages": pages_for(request, page) if page.paginator.num_pages > 1 else None}
    return render(request, "proposals/portal/replies.html", context)


@require_GET
def reply(request: HttpRequest, number: str) -> HttpResponse:
    """One published reply: index, number, result, and the whole letter but its contact."""
    paper = selectors.published_one(number)
    rules = letters.rules_of(paper.matter)
    context = {
        "paper": paper,
        "title": letters.title_of(paper, rules),
        "index": letters.index_number(paper.matter),
        "result": rules.results.get(paper.result),
        "letter": letters.letter(paper.matter, paper),
        "blocks": [block for block in papers.read(paper.reply) if isinstance(block, papers.Paragraph)],
    }
    return render(request, "proposals/portal/reply.html", context)


@registry.story(PROPOSAL.kind)
def tell(matter: Matter) -> registry.Story:
    """Return the story of a proposal for whoever proposed it: what, who answers, the reply, and how it was rated."""
    paper = matter.proposal
    replied = matter.stage in {"replied", "done"}
    return registry.Story(
        facts=[
            (_("案由"), paper.subject),
            (_("文号"), f"{paper.session}{paper.serial}"),
            *([(_("主办单位"), paper.lead_unit.name)] if paper.lead_unit else []),
        ],
        result=paper.reply if replied else "",
        verdict=str(paper.get_grade_display()),
        steps={"received": _("登记"), "handling": _("办理"), "replied": _("答复"), "done": _("办结")},
        next={"received": _("确定由谁办理"), "handling": _("与您沟通并答复"), "replied": _("等您说满意不满意")},
        ask="rate",
        instead="redo",
    )


registry.mount(
    path("replies/", replies, name="replies"),
    path("replies/<str:number>/", reply, name="reply"),
)
register_nav(
    "portal",
    NavItem(key="replies", label=gettext_lazy("建议提案答复"), url_name="portal:replies", icon="file-text", order=60),
)
