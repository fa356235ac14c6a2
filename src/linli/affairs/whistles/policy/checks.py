"""What the whistles' documents must agree on with each other and with the kernel's."""

from __future__ import annotations

from collections.abc import Iterator

from linli.affairs.cases.policy import Categories
from linli.affairs.whistles.policy.lists import DutyLists
from linli.affairs.whistles.policy.sets import WhistleSets
from linli.kernel import policy
from linli.kernel.policy import Complaint, Documents
from linli.kernel.policy.shapes import Approvals, Duties, Units


@policy.crosscheck
def types_name_duties_and_chains(documents: Documents) -> Iterator[Complaint]:
    """Find types that a duty nobody carries may blow, or that a chain nobody wrote approves."""
    sets, duties, approvals = documents.get(WhistleSets), documents.get(Duties), documents.get(Approvals)
    if sets is None or duties is None or approvals is None:
        return
    for name, chosen in sets.sets.items():
        for number, kind in enumerate(chosen.types):
            place = ("sets", name, "types", number)
            for duty in kind.initiators:
                if duty not in duties.duties:
                    yield Complaint("whistles.sets", (*place, "initiators"), "应为 posts.duties 中的职责", duty)
            chains = [kind.approval, kind.extension.approval if kind.extension else None]
            for chain in chains:
                if chain is not None and chain not in approvals.chains:
                    yield Complaint("whistles.sets", place, "应为 matters.approvals 中的审批链", chain)


@policy.crosscheck
def duty_lists_name_units(documents: Documents) -> Iterator[Complaint]:
    """Find list items of a unit or a category that the district does not have."""
    lists, units, categories = documents.get(DutyLists), documents.get(Units), documents.get(Categories)
    if lists is None or units is None or categories is None:
        return
    known = {u.code for u in units.units}
    for number, item in enumerate(lists.items):
        if item.unit is not None and item.unit not in known:
            yield Complaint("whistles.duties", ("items", number), "unit 应为 profile.units 中的单位", item.unit)
        if item.category is not None and item.category not in categories.by_code:
            place = ("items", number)
            yield Complaint("whistles.duties", place, "category 应为 cases.categories 中的类别", item.category)
