"""Figures are exact at every moment, whatever is folded already, over any split."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.kernel import clock
from linli.kernel.areas.models import Level
from linli.kernel.storage.doctor import State
from linli.kernel.storage.together import Together
from linli.kernel.tallies import checking, folding, probes, selectors, services
from linli.kernel.tallies.models import Folded, Unfolded

pytestmark = pytest.mark.django_db

UNIT_A, UNIT_B = uuid.UUID(int=1), uuid.UUID(int=2)
GRID_1, GRID_2 = "530102001001001", "530102002001001"
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def put(*rows):
    together = Together()
    for day, code, extra in rows:
        together.add(services.delta("case.opened", day, area_code=code, **extra))
    together.flush()


@pytest.fixture
def counted():
    """Four folded, two waiting, among them a correction of the second of March."""
    put(
        (date(2026, 3, 2), GRID_1, {"unit_id": UNIT_A, "category": "waste", "source": "hotline"}),
        (date(2026, 3, 2), GRID_1, {"unit_id": UNIT_A, "category": "noise", "source": "grid"}),
        (date(2026, 3, 9), GRID_2, {"unit_id": UNIT_B, "category": "waste", "source": "grid"}),
        (date(2026, 4, 1), "530102002", {"category": "waste"}),
    )
    assert folding.fold() == 4
    put(
        (date(2026, 3, 2), GRID_1, {"unit_id": UNIT_A, "category": "noise", "source": "grid", "value": -1}),
        (date(2026, 3, 31), GRID_2, {"unit_id": UNIT_A, "category": "water", "source": "grid"}),
    )


@pytest.mark.usefixtures("counted")
class TestExactness:
    def test_a_total_is_folded_and_unfolded_together(self):
        assert Unfolded.objects.count() == 2
        assert selectors.total("case.opened", *MARCH) == 3
        folding.fold()
        assert not Unfolded.objects.exists()
        assert selectors.total("case.opened", *MARCH) == 3

    def test_a_late_exclusion_changes_its_original_day_only(self):
        days = dict(selectors.series("case.opened", *MARCH, by="day"))
        assert len(days) == 31
        assert {day: n for day, n in days.items() if n} == {
            date(2026, 3, 2): 1,
            date(2026, 3, 9): 1,
            date(2026, 3, 31): 1,
        }

    def test_weeks_begin_on_monday_and_months_on_the_first(self):
        weeks = selectors.series("case.opened", date(2026, 3, 4), date(2026, 4, 1), by="week")
        assert weeks[0] == (date(2026, 3, 2), 0), "the second of March lies before the range"
        assert weeks[1] == (date(2026, 3, 9), 1)
        assert weeks[-1] == (date(2026, 3, 30), 2)
        months = selectors.series("case.opened", date(2026, 2, 10), date(2026, 4, 1), by="month")
        assert months == [(date(2026, 2, 1), 0), (date(2026, 3, 1), 3), (date(2026, 4, 1), 1)]

    def test_a_breakdown_adds_up_even_where_something_was_counted_higher_up(self):
        year = (date(2026, 1, 1), date(2026, 12, 31))
        by_street = selectors.breakdown("case.opened", *year, by="area", area_code="530102")
        assert by_street == {"530102001": 1, "530102002": 3}
        by_grid = selectors.breakdown("case.opened", *year, by="area", level=Level.GRID)
        assert by_grid == {GRID_1: 1, GRID_2: 2, "530102002": 1}
        by_unit = selectors.breakdown("case.opened", *year, by="unit")
        assert by_unit == {str(UNIT_A): 2, str(UNIT_B): 1, "": 1}

    def test_filters_and_splits_over_two_dimensions_read_the_cells(self):
        of_unit = selectors.breakdown("case.opened", *MARCH, by="category", unit_id=UNIT_A)
        assert of_unit == {"waste": 1, "water": 1}
        assert selectors.total("case.opened", *MARCH, source="grid", category="waste", area_code="5301020") == 1

    def test_several_metrics_come_in_one_statement(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            lines = selectors.table(["case.opened", "case.closed"], *MARCH, by="source")
        assert lines == {
            "hotline": {"case.opened": 1, "case.closed": 0},
            "grid": {"case.opened": 2, "case.closed": 0},
        }

    def test_a_stock_is_the_sum_since_ever(self):
        assert selectors.total("case.opened", None, None) == 4
        assert selectors.total("case.opened", None, date(2026, 3, 9)) == 2

    def test_an_area_below_its_own_level_is_refused(self):
        with pytest.raises(ValueError, match="lies below"):
            selectors.breakdown("case.opened", *MARCH, by="area", level=Level.STREET, area_code=GRID_1)


def test_micro_grids_are_counted_in_their_grid_and_on_their_own():
    put((MARCH[0], GRID_1 + "003", {}), (MARCH[0], GRID_1, {}))
    folding.fold()
    assert selectors.total("case.opened", *MARCH, area_code=GRID_1) == 2
    assert selectors.total("case.opened", *MARCH, area_code=GRID_1 + "003") == 1
    assert selectors.breakdown("case.opened", *MARCH, by="area", area_code=GRID_1) == {
        GRID_1: 1,
        GRID_1 + "003": 1,
    }


def test_a_figure_opens_down_to_what_it_counts():
    kept, excluded = uuid.UUID(int=7), uuid.UUID(int=8)
    put(
        (MARCH[0], GRID_1, {"subject_id": kept}),
        (MARCH[0], GRID_1, {"subject_id": excluded}),
        (MARCH[0], GRID_1, {"subject_id": excluded, "value": -1}),
    )
    assert selectors.subjects("case.opened", *MARCH, area_code="530102") == [kept]


CODES = ["530102", "530102001", "530102001001", GRID_1, GRID_2, GRID_1 + "001", "530103001001001"]
ROWS = st.lists(
    st.tuples(
        st.dates(date(2026, 1, 20), date(2026, 4, 10)),
        st.sampled_from(CODES),
        st.fixed_dictionaries(
            {
                "unit_id": st.sampled_from([None, UNIT_A, UNIT_B]),
                "category": st.sampled_from(["", "a", "b"]),
                "source": st.sampled_from(["", "s"]),
                "value": st.sampled_from([-2, -1, 1, 3]),
            }
        ),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=ROWS,
    folded=st.integers(0, 25),
    since=st.dates(date(2026, 1, 15), date(2026, 3, 1)),
    length=st.integers(0, 80),
    prefix=st.sampled_from(["", "53", "530102", "5301020", "530102001", GRID_1, GRID_1 + "001", "99"]),
    unit=st.sampled_from([None, "", UNIT_A]),
    category=st.sampled_from([None, "", "a"]),
)
def test_any_question_gives_the_plain_sum(rows, folded, since, length, prefix, unit, category):
    metric = f"m.{uuid.UUID(int=hash((tuple(map(str, rows)), folded, since, length)) & ((1 << 64) - 1))}"
    until = since + timedelta(days=length)

    def write(part):
        together = Together()
        for day, code, extra in part:
            together.add(services.delta(metric, day, area_code=code, **extra))
        together.flush()

    before = selectors.total(metric, since, until, area_code=prefix, unit_id=unit, category=category)
    write(rows[:folded])
    folding.fold(batch=7)
    write(rows[folded:])
    expected = before + sum(
        extra["value"]
        for day, code, extra in rows
        if since <= day <= until
        and code.startswith(prefix)
        and (unit is None or extra["unit_id"] == (unit or None))
        and (category is None or extra["category"] == category)
    )
    filters = {"area_code": prefix, "unit_id": unit, "category": category}
    assert selectors.total(metric, since, until, **filters) == expected
    for by in ("unit", "source", "category", "area"):
        assert sum(selectors.breakdown(metric, since, until, by=by, **filters).values()) == expected
    for step in ("day", "week", "month"):
        assert sum(n for _, n in selectors.series(metric, since, until, by=step, **filters)) == expected
    assert not checking.verify()


def test_verify_finds_a_figure_that_somebody_changed():
    put((MARCH[0], GRID_1, {}))
    folding.fold()
    assert not checking.verify()
    Folded.objects.filter(level=9, grain="d", dimension="").update(value=5)
    (difference,) = checking.verify()
    assert (difference.where, difference.figure, difference.expected) == ("levels against cells", 5, 1)


def test_verify_compares_with_a_recount_of_the_rows():
    put((MARCH[0], GRID_1, {}), (MARCH[1], GRID_1, {}))
    rows = [checking.Count("case.opened", MARCH[0], GRID_1, 1)]
    (difference,) = checking.verify(lambda: rows)
    assert (difference.day, difference.figure, difference.expected) == (MARCH[1], 1, 0)
    assert len(checking.verify(list, metrics=["case.opened"])) == 2, "nothing left of it is a difference too"


def test_the_queue_tells_its_length_and_age():
    assert selectors.waiting() == (0, None)
    put((MARCH[0], GRID_1, {}))
    count, age = selectors.waiting()
    assert count == 1
    assert age < timedelta(minutes=1)


def test_doctor_names_what_is_wrong_and_how_to_mend_it():
    put((MARCH[0], GRID_1, {}))
    assert {one.state for one in (*probes.queue(), *probes.figures())} == {State.OK}
    with clock.using(clock.now() + timedelta(hours=1)):
        (late,) = probes.queue()
    assert (late.state, "60 分钟" in late.text or "59 分钟" in late.text) == (State.WARN, True)
    folding.fold()
    Folded.objects.filter(level=0, dimension="", grain="d").update(value=5)
    (wrong,) = probes.figures()
    assert wrong.state == State.BAD
    assert "case.opened" in wrong.mend


def test_many_figures_come_by_day_and_category_in_one_answer(counted):
    found = selectors.cells(["case.opened", "case.closed"], *MARCH, step="day", by="category", area_code="530102001")
    assert found == [selectors.Cell("case.opened", date(2026, 3, 2), "waste", 1)], "what cancels out is not there"
    whole = selectors.cells(["case.opened"], *MARCH)
    assert [(cell.first, cell.key, cell.value) for cell in whole] == [(None, "", 3)]
