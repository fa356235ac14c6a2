"""The catalogue: the closest line decides, says why, and is changed only through approval."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.support.world import COMMUNITY, OTHER_STREET, STREET, World

from linli.affairs.cases.process import CASE
from linli.affairs.cases.selectors import proposed_units
from linli.affairs.dispatching import catalogue, roles, services
from linli.affairs.dispatching.policy import Catalogue, Line
from linli.kernel import clock, policy
from linli.kernel.errors import Invalid, NotHere
from linli.kernel.matters import perform
from linli.kernel.matters.models import Change, Matter
from linli.kernel.policy import services as policies
from linli.kernel.posts.actors import resident_actor


def line(code: str, **parts: Any) -> Line:
    return Line(**{"code": code, "category": "E0301", "lead": "housing", "basis": "样例", **parts})


@pytest.fixture
def tuesday() -> Any:
    with clock.using(clock.at(date(2026, 11, 24), 10)) as travel:
        yield travel


def filed(world: World, category: str = "C0118") -> Matter:
    data = {"description": "路灯不亮", "area": COMMUNITY, "phone": "13887300001"}
    matter = perform(process=CASE, action="report", actor=resident_actor(), data=data).matter
    perform(actor=world.actor("community_secretary"), matter=matter, action="file", data={"category": category})
    return Matter.objects.get(pk=matter.pk)


def test_the_closer_place_and_the_named_time_go_before_the_wider(world: World) -> None:
    day, night = clock.at(date(2026, 11, 24), 10), clock.at(date(2026, 11, 24), 23)
    book = Catalogue(lines=(
        line("district"), line("night", when="off_hours", lead="police"), line("street", area=STREET, lead="urban"),
        line("winter", area=STREET, months=(12, 1), lead="fire"),
    ))  # fmt: skip

    def best(area: str, at: Any) -> str:
        found = book.best("E0301", area, at)
        return found.code if found else ""

    assert best(OTHER_STREET, day) == "district"
    assert best(OTHER_STREET, night) == "night"
    assert best(COMMUNITY, night) == "street"
    assert best(COMMUNITY, clock.at(date(2026, 12, 1), 10)) == "winter"
    assert book.best("E0999", COMMUNITY, day) is None


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (({"assistants": ("housing",)},), "同一单位只写一次"),
        (({"months": (13,)},), "1 到 12"),
        (({}, {"code": "b"}), "完全一样"),
        (({}, {"code": "a", "when": "office"}), "写了两次"),
    ],
)
def test_a_catalogue_that_contradicts_itself_is_refused(lines: tuple[dict[str, Any], ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Catalogue(lines=tuple(line(**{"code": "a", **parts}) for parts in lines))


def test_a_role_is_the_station_of_the_street_and_back(world: World) -> None:
    assert roles.code_of("urban@street", COMMUNITY) == f"urban.{STREET}"
    assert roles.code_of("community@community", COMMUNITY) == f"community.{COMMUNITY}"
    assert roles.role_of(f"urban.{STREET}", COMMUNITY) == "urban@street"
    assert roles.role_of("urban", COMMUNITY) == "urban"
    assert roles.role_of(f"urban.{OTHER_STREET}", COMMUNITY) == f"urban.{OTHER_STREET}"


def test_the_line_names_lead_assistants_fallback_and_why(world: World, tuesday: Any) -> None:
    for code in ("urban", "power_co"):
        world.unit(code)
    found = catalogue.choose(filed(world))
    assert found is not None
    assert found.lead is not None
    assert (found.lead.code, [unit.code for unit in found.assistants]) == ("urban", ["power_co"])
    assert "路灯" in found.why
    assert found.line.basis in found.why


def test_the_catalogue_is_proposed_before_the_table_of_categories(world: World, tuesday: Any) -> None:
    world.unit("urban")
    world.unit("power_co")
    first = proposed_units(filed(world))[0]
    assert first.unit.code == "urban"
    assert first.why.startswith("派单目录：路灯")


def test_a_unit_that_the_matter_is_about_is_not_named(world: World, tuesday: Any) -> None:
    urban = world.unit("urban")
    matter = filed(world)
    matter.hidden_from = [urban.pk]
    found = catalogue.choose(matter)
    assert found is not None
    assert found.lead is None
    assert all(proposal.unit != urban for proposal in catalogue.proposals(matter))


def test_a_line_is_a_draft_until_another_post_approves_it(world: World, tuesday: Any) -> None:
    officer, director = world.actor("policy_officer"), world.actor("centre_director")
    wanted = line("new", category="C0402", lead="housing", area=STREET)
    before = policy.get(Catalogue).lines
    version = services.put_line(actor=officer, line=wanted, valid_from=clock.today(), note="划界调整")
    assert policy.get(Catalogue).lines == before
    change = Change.objects.get(subject_id=str(version.pk)).matter
    with pytest.raises(NotHere):
        perform(actor=officer, matter=change, action="approve", data={})
    perform(actor=director, matter=change, action="approve", data={})
    policy.forget()
    now = policy.get(Catalogue).best("C0402", COMMUNITY, clock.now())
    assert now is not None
    assert now.code == "new"


def test_a_line_is_replaced_or_dropped_and_the_others_stay(world: World, tuesday: Any) -> None:
    officer = world.actor("policy_officer")
    old = policy.get(Catalogue).lines
    changed = old[0].model_copy(update={"lead": "housing"})
    version = services.put_line(
        actor=officer, line=changed, valid_from=clock.today(), note="改", instead_of=old[0].code
    )
    assert len(version.body["lines"]) == len(old)
    gone = services.drop_line(actor=officer, code=old[0].code, valid_from=clock.today(), note="撤")
    assert [one["code"] for one in gone.body["lines"]] == [one.code for one in old[1:]]


def test_who_may_not_edit_policy_puts_no_line_forward(world: World, tuesday: Any) -> None:
    with pytest.raises(NotHere):
        services.put_line(actor=world.actor("community_worker"), line=line("x"), valid_from=clock.today(), note="试")


def test_an_unknown_category_is_refused_before_anything_is_kept(world: World, tuesday: Any) -> None:
    with pytest.raises(Invalid):
        services.put_line(
            actor=world.actor("policy_officer"), line=line("x", category="Z9999"), valid_from=clock.today(), note="试"
        )
    assert policies.PolicyVersion.objects.filter(name="dispatch.catalogue", state="draft").count() == 0
