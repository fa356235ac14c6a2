"""What shapes work out by themselves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from linli.kernel import clock
from linli.surfaces.parts import charts, maps, shapes, tables

NOW = clock.at(date(2026, 11, 22), 9, 30)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _sunday():
    with clock.using(NOW):
        yield


@pytest.mark.parametrize(
    ("options", "state", "said"),
    [
        ({"due": NOW + 10 * HOUR, "started": NOW}, "running", "还剩 9 小时 59 分"),
        ({"due": NOW + HOUR, "started": NOW - 9 * HOUR}, "warning", "还剩 59 分钟"),
        ({"due": NOW - HOUR, "started": NOW - 9 * HOUR}, "overdue", "已超时 1 小时"),
        ({"due": NOW - HOUR, "paused": True}, "paused", "已暂停"),
        ({"due": NOW + HOUR, "stopped_at": NOW}, "met", "按时完成"),
        ({"due": NOW - HOUR, "stopped_at": NOW}, "missed", "超时 1 小时完成"),
    ],
)
def test_a_clock_says_its_state_in_words(options, state, said):
    one = shapes.Clock(**options)
    assert (one.state, one.words) == (state, said)


def test_a_clock_in_working_time_shows_what_it_was_given_and_does_not_tick():
    one = shapes.Clock(due=NOW + 30 * HOUR, left=6 * HOUR, share=0.4)
    assert one.words == "还剩 6 小时"
    assert one.percent == 40
    assert not one.ticks


def test_part_draws_shapes_and_escapes_everything_else():
    template = Template("{% load parts %}{% part a %}{% part b %}{% part c %}")
    drawn = template.render(Context({"a": shapes.Badge("已解决", "done"), "b": "<b>", "c": None}))
    assert "已解决" in drawn
    assert "&lt;b&gt;" in drawn
    assert "None" not in drawn


def test_a_table_sorts_both_ways_and_keeps_the_rest_of_the_query():
    request = RequestFactory().get("/x?stage=2&sort=due&page=3")
    column = tables.Column(key="due", label="到期", sort="due")
    drawn = tables.table_for(request, tables.Table(caption="x", columns=[column], rows=[]))
    assert drawn.columns[0].direction == "ascending"
    assert drawn.columns[0].sort_url == "?stage=2&sort=-due"


def test_chosen_columns_hide_the_others_except_those_that_always_show():
    columns = [tables.Column(key=key, label=key, always=key == "a") for key in "abc"]
    request = RequestFactory().get("/x?cols=b")
    drawn = tables.table_for(request, tables.Table(caption="x", columns=columns, rows=[]))
    assert [column.key for column in drawn.visible] == ["a", "b"]


def test_an_unknown_sort_falls_back():
    request = RequestFactory().get("/x?sort=-password")
    assert tables.sort_of(request, ["due"], "-due") == "-due"


def test_paging_keeps_the_query():
    request = RequestFactory().get("/x?stage=2&page=2")
    pages = tables.pages_for(request, Paginator(range(30), 10).page(2))
    assert pages.previous_url == "?stage=2&page=1"
    assert pages.next_url == "?stage=2&page=3"


def test_rows_fall_into_their_groups():
    rows = [tables.Row(id=str(i), cells={"a": i}, group="早" if i < 2 else "晚") for i in range(5)]
    drawn = tables.Table(caption="x", columns=[tables.Column(key="a", label="a")], rows=rows)
    assert [(heading, count) for heading, count, _ in drawn.groups] == [("早", 2), ("晚", 3)]


@pytest.mark.parametrize(("value", "top"), [(0, 4), (3, 4), (5, 5), (17, 20), (142, 200), (4100, 5000)])
def test_axes_end_at_round_numbers(value, top):
    assert charts.round_up(value) == top


def test_every_bar_stays_inside_the_drawing():
    chart = charts.Chart(
        title="x", labels=["a", "b"], series=[charts.Series("s", [3, None]), charts.Series("t", [9, 1])]
    )
    for one in chart.drawn:
        for mark in one.marks:
            assert charts.LEFT <= mark.x <= charts.WIDTH
            assert mark.y + mark.height == pytest.approx(charts.HEIGHT - charts.BOTTOM, abs=0.2)


def test_a_map_places_every_point_inside_its_frame():
    square = {
        "type": "Polygon",
        "coordinates": [[[103.1, 23.1], [103.3, 23.1], [103.3, 23.4], [103.1, 23.4], [103.1, 23.1]]],
    }
    drawn = maps.AreaMap(
        title="x",
        regions=[
            maps.Region(name="a", geometry=square, value=3),
            maps.Region(name="b", geometry=None, value=9),
        ],
        points=[maps.Point(lon=103.2, lat=23.2, label="p")],
    )
    point = drawn.drawn_points[0]
    assert 0 < point.x < maps.WIDTH
    assert 0 < point.y < drawn.height
    assert len(drawn.drawn) == 1


def test_a_map_without_figures_has_no_legend():
    assert maps.AreaMap(title="x", regions=[maps.Region(name="a", geometry=None)]).legend == []


def test_nothing_has_the_lightest_step_of_a_map_to_itself_and_the_legend_says_whole_numbers():
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    values = (0, 0, 1, 2, 48)
    drawn = maps.AreaMap(title="x", regions=[maps.Region(name=str(v), geometry=square, value=v) for v in values])
    assert [one.step for one in drawn.drawn] == [1, 1, 3, 4, 5]
    assert drawn.legend == [(1, "0"), (3, "1"), (4, "2"), (5, "3–48")]
    quiet = maps.AreaMap(title="x", regions=[maps.Region(name="a", geometry=square, value=0)])
    assert [one.step for one in quiet.drawn] == [1]


def test_a_compact_chart_fits_a_narrow_frame():
    chart = charts.Chart(title="x", labels=list("abcdefghijkl"), series=[charts.Series("s", [1] * 12)], compact=True)
    assert (chart.width, chart.height) == (360, 140)
    assert len(chart.label_places) == 6
    assert all(mark.x + mark.width <= chart.right for one in chart.drawn for mark in one.marks)
