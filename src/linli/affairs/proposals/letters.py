"""The reply as a letter in the official form, and the draft a writer begins with (the replies of S0 to S4)."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from linli.affairs.proposals.models import Linked, Opinion, Proposal
from linli.affairs.proposals.policy import ProposalRules
from linli.affairs.whistles.models import ReportIn
from linli.kernel import areas, policy
from linli.kernel.matters import process_of
from linli.kernel.matters.models import Matter
from linli.surfaces import papers


def rules_of(matter: Matter) -> ProposalRules:
    """Return the rules the proposal was registered under."""
    return policy.pinned(matter.pins, ProposalRules)


def called(proposal: Proposal, rules: ProposalRules) -> str:
    """Return how a paper is called: 市十五届人大五次会议第0238号建议."""
    return f"{proposal.session}{proposal.serial}{rules.kinds[proposal.kind].short}"


def title_of(proposal: Proposal, rules: ProposalRules) -> str:
    """Return the title of the reply."""
    return _("关于%(called)s的答复") % {"called": called(proposal, rules)}


# A paper that goes out is Chinese, whatever language its writer reads the desk in.
@translation.override("zh-hans")
def begun(matter: Matter, proposal: Proposal) -> str:
    """Return a draft to go on from: opinions, whistles and cases put together under the usual headings."""
    short = rules_of(matter).kinds[proposal.kind].short
    lines = [
        _("您提出的《%(subject)s》的%(short)s收悉，现答复如下：") % {"subject": proposal.subject, "short": short},
        _("一、基本情况"), "", _("二、办理情况"),
    ]  # fmt: skip
    at = 0
    for at, given in enumerate(opinions(matter), 1):
        lines += [
            _("（%(number)s）%(unit)s会办意见") % {"number": papers.ordinal(at), "unit": given.unit.name},
            given.opinion,
        ]
    results = results_of(proposal)
    if results:
        lines += [_("（%(number)s）有关事项办理结果") % {"number": papers.ordinal(at + 1)}, *results]
    lines += [_("三、下一步打算"), "", _("感谢您对我们工作的关心和支持，请继续提出宝贵意见。")]
    return "\n".join(lines)


def opinions(matter: Matter) -> list[Opinion]:
    """Return the opinions that were given, in the order in which they were asked for."""
    given = Opinion.objects.filter(matter__parent=matter, matter__stage="given")
    return list(given.select_related("unit").order_by("pk"))


def results_of(proposal: Proposal) -> list[str]:
    """Return a line for each whistle and case that is linked: what it is about and what came of it so far."""
    lines = []
    linked = Linked.objects.filter(proposal=proposal).order_by("pk")
    for link in linked.select_related("about__whistle", "about__case"):
        about = link.about
        detail = about.whistle if hasattr(about, "whistle") else about.case
        stage = process_of(about.kind).stage(about.stage).title
        said = detail.result or _("正在办理，现处于“%(stage)s”。") % {"stage": stage}
        lines.append(f"{about.title}：{said}{_units(about)}")
    return lines


def _units(about: Matter) -> str:
    """Return which units reported in to a whistle, for the reply; nothing for a case."""
    if about.kind != "whistle":
        return ""
    shares = ReportIn.objects.filter(matter__parent=about).exclude(matter__stage__in=["given_back", "recalled"])
    names = [share.unit.short_name or share.unit.name for share in shares.select_related("unit").order_by("pk")]
    return _("（报到单位：%(units)s）") % {"units": "、".join(dict.fromkeys(names))} if names else ""


@translation.override("zh-hans")
def letter(matter: Matter, proposal: Proposal) -> papers.Paper:
    """Return the reply as a paper; before it is signed, as a draft without date."""
    rules = rules_of(matter)
    unit = proposal.lead_unit.name if proposal.lead_unit else ""
    marks = [_("〔办理类型〕〔%(result)s〕") % {"result": proposal.result}] if proposal.result else []
    marks.append(_("〔是否公开〕〔%(answer)s〕") % {"answer": _("是") if proposal.public else _("否")})
    contact = proposal.answers_for_it
    return papers.Paper(
        title=title_of(proposal, rules),
        marks=marks,
        number=proposal.number,
        addressee=_addressee(proposal, rules),
        blocks=papers.read(proposal.reply),
        signed=unit,
        dated=proposal.signed_on,
        contact=_("联系人及电话：%(contact)s") % {"contact": contact} if contact else "",
        note=_("此件主动公开") if proposal.public else "",
        copies=proposal.copies,
    )


def _addressee(proposal: Proposal, rules: ProposalRules) -> str:
    """Return 尊敬的甲、乙代表; a body that proposed is addressed by its name alone."""
    who = rules.kinds[proposal.kind].proposer
    many = "、" in proposal.proposers
    body = len(proposal.proposers) > 4 and not many
    if body:
        return proposal.proposers
    everybody = _("各位") if many else ""
    return f"{proposal.proposers}{everybody}{who}"


def index_number(matter: Matter) -> str:
    """Return the index under which a published reply is found: the district's code and the paper's own number."""
    return f"{areas.tree().root.code}-{matter.number}"
