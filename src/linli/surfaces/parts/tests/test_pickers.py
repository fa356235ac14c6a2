"""Pickers of units: what is chosen stands first, in a list that may be longer than the page."""

from __future__ import annotations

import pytest

from linli.surfaces.parts.pickers import UnitOption, UnitSelect, UnitsSelect

OPTIONS = [UnitOption(value=str(n), label=f"单位{n}", group="部门" if n < 40 else "企业") for n in range(60)]


def groups(widget: UnitSelect, value: object) -> list[tuple[str, list[str]]]:
    found = widget.get_context("unit", value, {})["widget"]["groups"]
    return [(str(title), [option.value for option, _chosen in options]) for title, options in found]


def test_a_unit_that_is_proposed_stands_first_and_is_not_offered_twice() -> None:
    first, *others = groups(UnitSelect(units=lambda: OPTIONS), "55")
    assert first == ("已选", ["55"])
    assert [title for title, _values in others] == ["部门", "企业"]
    assert "55" not in others[1][1]
    assert sum(len(values) for _title, values in others) == len(OPTIONS) - 1


def test_several_chosen_ones_stand_first_in_their_order() -> None:
    assert groups(UnitsSelect(units=lambda: OPTIONS), ["41", "3"])[0] == ("已选", ["3", "41"])


@pytest.mark.parametrize("nothing", [None, "", []])
def test_where_nothing_is_chosen_the_list_is_as_it_was(nothing: object) -> None:
    assert [title for title, _values in groups(UnitSelect(units=lambda: OPTIONS), nothing)] == ["部门", "企业"]
