"""Re-division: one dated transaction, a preview, no holes, and history that stays answerable."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.kernel import areas, clock
from linli.kernel.areas import cache, events
from linli.kernel.areas.models import AreaVersion, Redivision
from linli.kernel.errors import Invalid, NotNow, UserError

pytestmark = pytest.mark.django_db
DAY = date(2025, 3, 1)
LATER = date(2025, 9, 1)


def change(*steps, on=DAY, note="测试变更", **extra):
    return areas.redivide(by="测试岗", note=note, changes=list(steps), on=on, **extra)


def split_east(on=DAY, **extra):
    parts = [
        {"code": "990101001", "children": ["990101001001"]},
        {
            "code": "990101003",
            "name": "南街道",
            "children": {"990101001002": "990101003001", "990101001201": "990101003201"},
        },
    ]
    return change({"do": "split", "area": "990101001", "into": parts}, on=on, **extra)


def names(tree, code):
    return [node.name for node in tree.children(tree.by_code(code))]


def test_a_renamed_town_becomes_a_street_and_keeps_its_id(small):
    before = small.by_code("990101100")
    change(
        {"do": "rename", "area": "990101100", "name": "北街道", "kind": "street"},
        {"do": "recode", "area": "990101100", "to": "990101004"},
    )
    after = areas.tree(DAY).by_code("990101004")
    assert (after.id, after.name, after.kind) == (before.id, "北街道", areas.Kind.STREET)
    assert areas.tree(DAY).by_code("990101004201").name == "己村委会"
    assert areas.tree(DAY - timedelta(days=1)).by_code("990101100").name == "北镇"
    assert areas.summary(DAY)["by_kind"] == {"street": 3, "town": 0, "township": 0, "zone": 0}
    assert areas.summary(DAY - timedelta(days=1))["by_kind"]["town"] == 1


def test_a_split_gives_the_children_new_codes_and_the_old_day_its_old_ones(small):
    split_east()
    tree = areas.tree(DAY)
    assert names(tree, "990101001") == ["甲社区"]
    assert names(tree, "990101003") == ["乙社区", "丙村委会"]
    assert tree.by_code("990101003201").id == small.by_code("990101001201").id
    assert len(names(areas.tree(DAY - timedelta(days=1)), "990101001")) == 3


def test_a_merge_ends_the_smaller_and_its_children_follow(small):
    into = {"code": "990101001", "name": "东西街道"}
    preview = change({"do": "merge", "areas": ["990101001", "990101002"], "into": into})
    tree = areas.tree(DAY)
    assert names(tree, "990101001") == ["甲社区", "乙社区", "丁社区", "戊社区", "丙村委会"]
    assert "990101002" not in tree
    west = next(move for move in preview.moves if move.before.code == "990101002")
    assert (west.change, west.after[0].name, west.continues) == ("merged", "东西街道", False)


def test_the_preview_counts_what_lies_in_the_changing_areas_and_writes_nothing(small, monkeypatch):
    monkeypatch.setattr(events, "_counters", {})
    areas.counter("未结事项", lambda found: dict.fromkeys(found, 2))
    before = AreaVersion.objects.count()
    preview = split_east(dry_run=True)
    assert preview.totals() == {"未结事项": 6}
    assert [move.change for move in preview.moves] == ["split", "moved", "moved"]
    assert preview.as_json()["moves"][0]["counts"] == {"未结事项": 2}
    assert AreaVersion.objects.count() == before
    assert not Redivision.objects.exists()


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([{"do": "close", "area": "990101001", "to": "990101002"}], "上级区域"),
        ([{"do": "recode", "area": "990101001", "to": "990101002"}], "重复"),
        ([{"do": "recode", "area": "990101001001", "to": "990101002009"}], "开头"),
        ([{"do": "move", "area": "990101001001", "parent": "990101002001"}], "层级"),
        ([{"do": "rename", "area": "990101001001", "kind": "town"}], "类别"),
        (
            [
                {
                    "do": "split",
                    "area": "990101001",
                    "into": [{"code": "990101003", "name": "一"}, {"code": "990101004", "name": "二"}],
                }
            ],
            "上级区域",
        ),
    ],
)
def test_a_change_that_would_leave_a_hole_is_refused_whole(small, steps, said):
    assert any(said in problem for problem in change(*steps, dry_run=True).problems)
    with pytest.raises(areas.LeavesHole, match=said):
        change({"do": "rename", "area": "990101", "name": "改名区"}, *steps)
    assert areas.tree(DAY).root.name == "试验区"


def test_a_step_that_cannot_be_read_names_its_place():
    with pytest.raises(Invalid) as refused:
        change({"do": "rename", "area": "abc"}, {"do": "explode"})
    assert set(refused.value.errors) == {"0.rename.area", "1"}


def test_rooms_above_hear_of_it_in_the_same_transaction(small):
    heard = []

    def listener(payload):
        heard.append(payload)
        raise RuntimeError("a room could not move its matters")

    areas.redivided.connect(listener)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            split_east()
    finally:
        areas.redivided.disconnect(listener)
    cache.clear()
    assert heard[0].codes() == {"990101001002": "990101003001", "990101001201": "990101003201"}
    assert "990101003" not in areas.tree(DAY)
    assert not Redivision.objects.exists()


def test_a_change_ahead_is_announced_on_its_day(small):
    heard = []
    areas.redivided.connect(heard.append)
    try:
        with clock.using(clock.at(date(2025, 1, 1))) as travel:
            split_east()
            assert "990101003" in areas.tree(DAY)
            assert "990101003" not in areas.tree()
            assert (areas.take_effect(), heard) == (0, [])
            travel.to(clock.at(DAY, 1))
            assert areas.take_effect() == 1
            assert areas.take_effect() == 0
    finally:
        areas.redivided.disconnect(heard.append)
    assert [payload.note for payload in heard] == ["测试变更"]


def test_who_was_what_stays_answerable_through_split_and_merge(small):
    split_east()
    into = {"code": "990101002", "name": "西南街道"}
    change({"do": "merge", "areas": ["990101002", "990101003"], "into": into}, on=LATER)
    assert [n.name for n in areas.became("990101001", date(2024, 6, 1), LATER)] == ["东街道", "西南街道"]
    assert [n.code for n in areas.became("990101001201", date(2024, 6, 1), LATER)] == ["990101002201"]
    village = small.by_code("990101001201")
    assert [v.code for v in areas.history(village.id)] == ["990101001201", "990101003201", "990101002201"]


def test_a_change_is_taken_back_by_another_change_and_both_stay(small):
    done = split_east()
    areas.undo(by="测试岗", redivision_id=done.id, on=LATER, note="撤回")
    assert [n.code for n in areas.tree(LATER)] == [n.code for n in small]
    assert [n.id for n in areas.tree(LATER)] == [n.id for n in small]
    assert "990101003" in areas.tree(LATER - timedelta(days=1))
    assert Redivision.objects.count() == 2


def test_a_change_is_not_taken_back_under_a_later_one(small):
    done = split_east()
    change({"do": "rename", "area": "990101003", "name": "新南街道"}, on=LATER)
    with pytest.raises(NotNow, match="后来又有变更"):
        areas.undo(by="测试岗", redivision_id=done.id, on=LATER, note="撤回")


def test_nothing_is_slipped_in_before_a_later_change(small):
    change({"do": "rename", "area": "990101001", "name": "大东街道"}, on=LATER)
    with pytest.raises(areas.LeavesHole, match="2025-09-01"):
        split_east()


def test_two_changes_on_one_day_make_one_version(small):
    change({"do": "rename", "area": "990101001", "name": "一"})
    change({"do": "rename", "area": "990101001", "name": "二"})
    assert [v.name for v in areas.history(small.by_code("990101001").id)] == ["东街道", "二"]


def test_two_areas_may_exchange_their_codes(small):
    change(
        {"do": "recode", "area": "990101001", "to": "990101009"},
        {"do": "recode", "area": "990101002", "to": "990101001"},
        {"do": "recode", "area": "990101009", "to": "990101002"},
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert areas.tree(DAY).by_code("990101001").name == "西街道"


def test_the_database_refuses_two_areas_of_one_code_on_one_day(small):
    area = small.by_code("990101001")
    AreaVersion.objects.filter(area_id=area.id).update(code="990101002")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    AreaVersion.objects.filter(area_id=area.id).update(code=area.code)


def test_micro_areas_hang_under_a_village_or_a_grid(small):
    change(
        {"do": "open", "code": "990101001201Z01", "name": "第一村民小组"},
        {"do": "open", "code": "990101001201C01", "name": "大树脚"},
        {"do": "open", "code": "990101001001001", "name": "第001网格"},
        {"do": "open", "code": "990101001001001X01", "name": "翠湖小区"},
        {"do": "open", "code": "990101001001001X01L03", "name": "3栋"},
    )
    tree = areas.tree(DAY)
    kinds = [str(node.kind) for node in tree.under("990101001201")]
    assert kinds == ["villager", "hamlet", "village_group"]
    assert areas.words(tree.by_code("990101001201C01"), DAY)["people"] == "村民"
    building = tree.by_code("990101001001001X01L03")
    assert [step.level for step in tree.path(building)][2:] == ["community", "grid", "micro", "micro"]
    assert areas.words(building, DAY)["people"] == "居民"


def test_a_change_says_what_it_is(small):
    with pytest.raises(UserError, match="写明"):
        change({"do": "rename", "area": "990101001", "name": "大东街道"}, note=" ")
    boundary = {"type": "Point", "coordinates": [103, 23]}
    with pytest.raises(UserError, match="必须是面"):
        change({"do": "redraw", "area": "990101001", "boundary": boundary, "boundary_source": "图"})


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_the_second_sees_the_first(small):
    start = threading.Barrier(2)

    def merge(into):
        try:
            start.wait()
            pair = ["990101001", "990101002"]
            change({"do": "merge", "areas": pair, "into": {"code": into}})
            return "done"
        except UserError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcome = sorted(pool.map(merge, ["990101001", "990101002"]))
    assert outcome == ["cannot_redivide", "done"]
    check(cache.load(DAY))
    assert Redivision.objects.count() == 1


def check(tree):
    """Assert what holds on every day: one root, living parents above, codes that are paths and unique."""
    assert len([node for node in tree if node.parent_id is None]) == 1
    assert len({node.code for node in tree}) == len(tree)
    for node in tree:
        if node.parent_id is not None:
            parent = tree.by_id(node.parent_id)
            assert node.code.startswith(parent.code)
            assert len(node.code) > len(parent.code)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_run_of_changes_keeps_every_day_whole(small, data):
    cache.clear()
    with transaction.atomic():
        point = transaction.savepoint()
        days = [date(2024, 1, 1)]
        for number in range(1, data.draw(st.integers(2, 6)) + 1):
            day = date(2024, 1, 1) + timedelta(days=30 * number)
            step = data.draw(a_step(areas.tree(day)))
            if step is None or change(step, on=day, dry_run=True).problems:
                continue
            change(step, on=day)
            days.append(day)
        for day in days:
            check(areas.tree(day))
        for node in areas.tree(days[0]):
            assert areas.became(node.code, days[0], days[-1])
        transaction.savepoint_rollback(point)


@st.composite
def a_step(draw, tree):
    """Draw a step that names living areas; it may still be refused."""
    streets = [node.code for node in tree.of_level("street")]
    communities = [node.code for node in tree.of_level("community")]
    kind = draw(st.sampled_from(["rename", "recode", "move", "split", "merge", "merge_communities"]))
    street = draw(st.sampled_from(streets))
    community = draw(st.sampled_from(communities))
    number = draw(st.integers(0, 299))
    if kind == "rename":
        return {"do": "rename", "area": community, "name": f"改名{number}社区"}
    if kind == "recode":
        return {"do": "recode", "area": street, "to": f"990101{number:03d}"}
    if kind == "move":
        return {"do": "move", "area": community, "parent": street}
    if kind == "split":
        below = [node.code for node in tree.children(tree.by_code(street))]
        taken = draw(st.lists(st.sampled_from(below), unique=True)) if below else []
        parts = [{"code": street}, {"code": f"990101{number:03d}", "name": "新街道", "children": taken}]
        return {"do": "split", "area": street, "into": parts}
    pool = streets if kind == "merge" else communities
    if len(pool) < 2:
        return None
    pair = draw(st.lists(st.sampled_from(pool), min_size=2, max_size=2, unique=True))
    return {"do": "merge", "areas": pair, "into": {"code": pair[0]}}
