"""What the cases' documents must agree on with each other and with the kernel's."""

from __future__ import annotations

from collections.abc import Iterator

from linli.affairs.cases.policy.categories import Categories
from linli.affairs.cases.policy.rules import Guidance, Loops
from linli.affairs.objections.policy import DutyLists
from linli.kernel import policy
from linli.kernel.policy import Complaint, Documents
from linli.kernel.policy.shapes import Duties, Units


@policy.crosscheck
def phones_and_categories_are_known(documents: Documents) -> Iterator[Complaint]:
    """Find categories with an unlisted number, and alerts with an unlisted category."""
    categories, guidance = documents.get(Categories), documents.get(Guidance)
    if categories is None or guidance is None:
        return
    for number, category in enumerate(categories.categories):
        for phone in category.phones:
            if phone not in guidance.phones:
                yield Complaint(
                    "cases.categories",
                    ("categories", number, "phones"),
                    "应为 cases.guidance 中的电话",
                    phone,
                )
    for code, alert in guidance.alerts.items():
        if alert.category is not None and alert.category not in categories.by_code:
            yield Complaint(
                "cases.guidance",
                ("alerts", code, "category"),
                "应为 cases.categories 中的类别",
                alert.category,
            )


@policy.crosscheck
def loops_name_duties(documents: Documents) -> Iterator[Complaint]:
    """Find duties in the loops that nobody carries."""
    loops, duties = documents.get(Loops), documents.get(Duties)
    if loops is None or duties is None:
        return
    for number, loop in enumerate(loops.loops):
        for duty in (*loop.raise_by, *loop.send_down_by):
            if duty not in duties.duties:
                yield Complaint("cases.loops", ("loops", number), "应为 posts.duties 中的一项职责", duty)


@policy.crosscheck
def categories_name_units(documents: Documents) -> Iterator[Complaint]:
    """Find categories and phases that send work to a unit or a kind of station the district does not have."""
    categories, units = documents.get(Categories), documents.get(Units)
    if categories is None or units is None:
        return
    once, stations = {u.code for u in units.units}, {u.code for u in units.repeated}
    for number, category in enumerate(categories.categories):
        for part in (category, *category.phases):
            for field in ("unit", "fallback", "station"):
                code = getattr(part, field)
                if code is not None and code not in (stations if field == "station" else once):
                    place = ("categories", number, field)
                    yield Complaint("cases.categories", place, f"{field} 应为 profile.units 中的单位", code)


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
