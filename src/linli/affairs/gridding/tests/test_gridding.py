"""Dividing grids: a draft from today's, moved by hand with live figures, approved by another, applied on its day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from shapely.geometry import shape
from tests.support.lively import account
from tests.support.world import COMMUNITY, World
from tests.test_costs import statements

from linli.affairs.gridding import figures, outlines, selectors, services
from linli.affairs.gridding.models import Draft
from linli.affairs.registry import selectors as registry_reads
from linli.affairs.registry import services as registry
from linli.kernel import areas, clock
from linli.kernel.errors import NotHere, NotNow, UserError
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor

TUESDAY = clock.at(date(2026, 11, 24), 9)
BOX = {
    "type": "Polygon",
    "coordinates": [[[103.37, 23.35], [103.41, 23.35], [103.41, 23.38], [103.37, 23.38], [103.37, 23.35]]],
}


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.using(TUESDAY) as travel:
        yield travel


@pytest.fixture
def secretary(world: World) -> Actor:
    """A community with an outline, two grids and six buildings: four in the west, two far in the east."""
    steps = [
        {"do": "redraw", "area": COMMUNITY, "boundary": BOX, "boundary_source": "示意边界", "sketch": True},
        {"do": "open", "code": f"{COMMUNITY}001", "name": "第一网格", "kind": "grid"},
        {"do": "open", "code": f"{COMMUNITY}002", "name": "第二网格", "kind": "grid"},
    ]
    areas.redivide(by="测试", note="设网格", changes=steps, on=date(2026, 1, 1))
    worker = world.actor("community_worker")
    first = areas.tree().by_code(f"{COMMUNITY}001").id
    for number in range(6):
        lon = 103.380 + number * 0.001 if number < 4 else 103.400 + number * 0.001
        for room in ("101", "102"):
            house = registry.register_house(
                actor=worker, area=first, address=f"天马路{number + 1}号1幢1单元{room}室", lon=lon, lat=23.36
            )
            if room == "101":
                registry.register_resident(actor=worker, name="李秀英", house=house)
    return world.actor("community_secretary")


@pytest.fixture
def draft(secretary: Actor) -> Draft:
    return services.begin(actor=secretary, community=areas.tree().by_code(COMMUNITY), title="拆开东边")


def east(secretary: Actor) -> list[Any]:
    blocks = figures.blocks(secretary, areas.tree().by_code(COMMUNITY))
    return [b.id for b in blocks if b.lon and b.lon > 103.39]


def test_a_draft_begins_as_today_and_figures_follow_each_move(secretary: Actor, draft: Draft) -> None:
    both = selectors.compared(secretary, draft)
    assert [(line.name, line.figures.households, line.figures.people) for line in both.draft] == [
        ("第一网格", 12, 6),
        ("第二网格", 0, 0),
    ]
    whole = both.draft[0].figures
    assert 2400 < whole.span < 2700
    assert any("超过 1500 米" in one for one in whole.remarks)
    second = draft.grids.get(number=2)
    assert services.move(actor=secretary, draft=draft, buildings=east(secretary), grid=second) == 2
    lines = selectors.compared(secretary, draft).draft
    assert [(one.figures.households, one.figures.strays) for one in lines] == [(8, 0), (4, 0)]
    assert not any("米" in one for one in lines[0].figures.remarks)
    assert selectors.compared(secretary, draft).today[0].figures.households == 12, "today is untouched"


def test_a_new_grid_has_a_colour_of_its_own(secretary: Actor, draft: Draft) -> None:
    services.add_grid(actor=secretary, draft=draft, name="第三网格")
    services.add_grid(actor=secretary, draft=draft, name="第四网格")
    assert [line.tone for line in selectors.compared(secretary, draft).draft] == [1, 2, 3, 4]


def test_buildings_mixed_into_another_grid_show_as_an_unclear_border(secretary: Actor, draft: Draft) -> None:
    blocks = figures.blocks(secretary, areas.tree().by_code(COMMUNITY))
    west = [b for b in blocks if b.lon and b.lon < 103.39]
    services.move(actor=secretary, draft=draft, buildings=[west[0].id, west[2].id], grid=draft.grids.get(number=2))
    lines = selectors.compared(secretary, draft).draft
    assert any("相夹" in remark for line in lines for remark in line.figures.remarks)


def test_an_approved_draft_is_a_dated_redivision_and_the_buildings_follow_on_its_day(
    secretary: Actor, draft: Draft, world: World, now: Any
) -> None:
    third = services.add_grid(actor=secretary, draft=draft, name="第三网格")
    services.move(actor=secretary, draft=draft, buildings=east(secretary), grid=third)
    services.drop_grid(actor=secretary, draft=draft, grid=draft.grids.get(number=2))
    day = date(2026, 12, 1)
    matter = services.propose(actor=secretary, draft=draft, on=day, reason="东边太远")
    with pytest.raises(NotNow):
        services.add_grid(actor=secretary, draft=draft, name="再加一个")
    leader = world.actor("street_leader")
    perform(actor=leader, matter=matter, action="approve", data={})
    draft.refresh_from_db()
    assert draft.state == Draft.State.AGREED
    names = [n.name for n in areas.tree().children(areas.tree().by_code(COMMUNITY))]
    assert names == ["第一网格", "第二网格"], "before the day everything is as it was"

    now.to(clock.at(day, 1))
    assert areas.take_effect() == 1
    tree = areas.tree(day)
    grids = {n.name: n for n in tree.children(tree.by_code(COMMUNITY))}
    assert set(grids) == {"第一网格", "第三网格"}
    assert grids["第三网格"].sketch
    draft.refresh_from_db()
    assert draft.state == Draft.State.APPLIED
    people = registry_reads.residents_of_grid(secretary, grids["第三网格"].id).count()
    assert people == 2
    was = {n.name for n in areas.tree(date(2026, 11, 30)).children(tree.by_code(COMMUNITY))}
    assert was == {"第一网格", "第二网格"}, "who was responsible on a day stays answerable"


def test_what_is_not_agreed_to_can_be_drawn_on(secretary: Actor, draft: Draft, world: World) -> None:
    services.move(actor=secretary, draft=draft, buildings=east(secretary), grid=draft.grids.get(number=2))
    matter = services.propose(actor=secretary, draft=draft, on=date(2026, 12, 1), reason="东边太远")
    perform(actor=world.actor("street_leader"), matter=matter, action="refuse", data={"reason": "先征求居民意见"})
    assert Draft.objects.get().state == Draft.State.REFUSED
    services.add_grid(actor=secretary, draft=draft, name="再加一个")


def test_a_draft_that_cannot_be_is_refused_with_what_to_do(secretary: Actor, draft: Draft) -> None:
    with pytest.raises(NotNow, match="没有要变的"):
        services.propose(actor=secretary, draft=draft, on=date(2026, 12, 1), reason="x")
    with pytest.raises(UserError, match="今天以后"):
        services.propose(actor=secretary, draft=draft, on=clock.today(), reason="x")
    with pytest.raises(NotNow, match="还有楼幢"):
        services.drop_grid(actor=secretary, draft=draft, grid=draft.grids.get(number=1))
    with pytest.raises(UserError, match="已有叫这个名字"):
        services.add_grid(actor=secretary, draft=draft, name="第一网格")
    with pytest.raises(UserError, match="先勾选"):
        services.move(actor=secretary, draft=draft, buildings=[], grid=draft.grids.get(number=1))
    with pytest.raises(UserError, match="起个名字"):
        services.begin(actor=secretary, community=areas.tree().by_code(COMMUNITY), title=" ")


def test_another_community_s_drafts_are_not_there(secretary: Actor, draft: Draft, world: World) -> None:
    stranger = world.actor("community_secretary", area="532503001002")
    with pytest.raises(NotHere):
        selectors.access_draft(stranger, draft.pk)
    with pytest.raises(NotHere):
        services.begin(actor=stranger, community=areas.tree().by_code(COMMUNITY), title="别处")
    with pytest.raises(NotHere):
        services.add_grid(actor=world.actor("grid_worker"), draft=draft, name="x")


def test_the_pages_draw_both_divisions_and_keep_what_was_typed(secretary: Actor, draft: Draft) -> None:
    client = Client()
    client.force_login(account(secretary), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/desk/gridding/").content.decode()
    assert "拆开东边" in page
    page = client.get(f"/desk/gridding/{draft.pk}/").content.decode()
    assert page.count("data-building=") == 6
    assert "今天的网格" in page
    chosen = [str(key) for key in east(secretary)]
    moved = client.post(f"/desk/gridding/{draft.pk}/move/", {"buildings": chosen, "grid": "2"}, follow=True)
    assert "2 幢已移到“第二网格”" in moved.content.decode()
    bad = client.post(f"/desk/gridding/{draft.pk}/propose/", {"on": "2026-12-01", "reason": ""})
    assert bad.status_code == 400
    assert 'value="2026-12-01"' in bad.content.decode()
    client.post(f"/desk/gridding/{draft.pk}/propose/", {"on": "2026-12-01", "reason": "东边太远", "key": "k"})
    assert Matter.objects.get(kind="change").stage == "proposed"
    assert client.post(f"/desk/gridding/{draft.pk}/burn/").status_code == 404
    assert client.post("/desk/gridding/", {"title": "x"}).status_code == 422


def test_a_draft_costs_the_same_with_six_buildings_and_with_twenty(
    secretary: Actor, draft: Draft, world: World
) -> None:
    selectors.compared(secretary, draft)
    assert cost(secretary, draft) == 6
    worker = world.actor("community_worker")
    for number in range(14):
        place = areas.tree().by_code(f"{COMMUNITY}001").id
        registry.register_house(actor=worker, area=place, address=f"明珠路{number + 1}号1幢1单元101室")
    assert len(selectors.compared(secretary, draft).unplaced) == 14
    assert cost(secretary, draft) == 6


def cost(actor: Actor, draft: Draft) -> int:
    """Return how many statements the page reads, looks whether the policy changed left out."""
    with CaptureQueriesContext(connection) as captured:
        selectors.compared(actor, draft)
    return len(statements(captured))


def test_the_farthest_pair_is_found_among_many() -> None:
    points = [(103.38 + (i % 20) * 0.0001, 23.36 + (i // 20) * 0.0001) for i in range(400)]
    corner = figures.metres(points[0], points[-1])
    assert figures.span(points) == pytest.approx(corner)
    assert figures.span([]) == 0.0


def test_todays_outlines_and_the_drafts_are_drawn_side_by_side(secretary: Actor, draft: Draft) -> None:
    grid = draft.grids.get(name="第二网格")
    services.move(actor=secretary, draft=draft, buildings=east(secretary), grid=grid)
    both = selectors.compared(secretary, draft)
    (first, tone, here), (_second, other, there) = both.draft_cells
    assert (first, tone != other) == ("第一网格", True)
    west, east_part = shape(here), shape(there)
    assert west.intersection(east_part).area < 1e-12, "the outlines do not overlap"
    assert west.union(east_part).symmetric_difference(shape(BOX)).area < 1e-9, "and tile the community"
    assert [name for name, _tone, _shape in both.today_cells] == ["第一网格"], "an empty grid has no place of its own"
    client = Client()
    client.force_login(account(secretary), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/desk/gridding/{draft.pk}/").content.decode()
    assert page.count('class="grid-cell') == 3
    assert "示意边界" in page


def test_without_the_communitys_outline_a_frame_around_the_buildings_is_drawn_and_never_kept(
    secretary: Actor, draft: Draft
) -> None:
    blocks = figures.blocks(secretary, areas.tree().by_code(COMMUNITY))
    groups = {draft.pk: blocks[:4], secretary.post_id: blocks[4:]}
    assert outlines.drawn(None, groups) == {}
    assert set(outlines.sketched(None, groups)) == set(groups)
