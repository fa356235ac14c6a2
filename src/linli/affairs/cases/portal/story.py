"""What a reporter reads of their case, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms.closing import SATISFIED, SOLVED
from linli.affairs.cases.models import Case
from linli.affairs.cases.policy import Categories, Guidance
from linli.affairs.cases.process import CASE
from linli.kernel import areas, policy
from linli.kernel.matters.models import Matter
from linli.surfaces.portal import registry

STEPS = {
    "collected": _("收到"), "filed": _("立案"), "dispatched": _("派单"), "handling": _("办理"), "fed_back": _("去看"),
    "verified": _("问您"), "evaluated": _("办结"), "disputed": _("复核"),
}  # fmt: skip
NEXT = {
    "collected": _("来核实，并告诉您是否立案"),
    "filed": _("安排好由谁来办"),
    "dispatched": _("签收"),
    "handling": _("办好，并说明怎么办的"),
    "fed_back": _("请没有参与处理的人去看办好没有"),
    "verified": _("等您说一声办好没有，或给您打电话"),
    "disputed": _("到现场复核一次，给您书面说明"),
    "following": _("和另一件一起办好"),
}
#: Stages off the ordinary way, whose short words are shown only once a case has been there.
SIDE = {"disputed"}
#: The number that answers anything, shown before the others.
HOTLINE = "hotline"
VERDICTS = {
    **dict(SOLVED),
    "explained": _("受政策或条件所限，已说明"),
    "not_confirmed": _("没有联系上您，按时限办结"),
    "verified": _("已核实办好"),
}


@registry.story(CASE.kind)
def tell(matter: Matter) -> registry.Story:
    """Return the story of a case: what was said, what came of it, and the two questions when it is time."""
    case = matter.case
    return registry.Story(
        facts=_facts(matter, case),
        result=case.result,
        verdict=_verdict(case),
        steps={key: word for key, word in STEPS.items() if key not in SIDE or key == matter.stage},
        next=NEXT,
        ask="judge",
        instead="dispute",
    )


def _facts(matter: Matter, case: Case) -> Sequence[tuple[object, object]]:
    node = areas.tree().find_id(matter.area_id)
    category = policy.get(Categories).by_code.get(matter.category)
    rows = [
        (_("什么事"), case.description),
        (_("类别"), category.name if category else ""),
        (_("在哪里"), " ".join(part for part in (areas.tree().label(node) if node else "", case.place) if part)),
    ]
    return [(name, value) for name, value in rows if value]


def _verdict(case: Case) -> str:
    words = [str(VERDICTS[case.outcome])] if case.outcome in VERDICTS else []
    words += [str(word) for code, word in SATISFIED if code == case.satisfied]
    return "，".join(words)


@registry.numbers
def numbers() -> Sequence[registry.Number]:
    """Return the numbers of the district's guidance; three digits are for emergencies."""
    phones = policy.get(Guidance).phones
    ordered = sorted(phones, key=lambda code: (code != HOTLINE, phones[code].number))
    return [registry.Number(phones[c].number, phones[c].title, urgent=len(phones[c].number) == 3) for c in ordered]
