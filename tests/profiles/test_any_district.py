"""A district that no profile knows starts with units of its own."""

from __future__ import annotations

import pytest

from linli.kernel import areas, policy
from linli.kernel.posts.models import Unit
from linli.profiles import building


@pytest.fixture(autouse=True)
def _fresh():
    policy.forget()
    areas.invalidate()
    yield
    policy.forget()
    areas.invalidate()


@pytest.mark.django_db
def test_any_district_starts_with_units_of_its_own():
    areas.initialise("530112")
    building.load_policy()
    building.build_units()
    assert Unit.objects.filter(kind="department").count() > 10
    assert Unit.objects.filter(code__startswith="street.530112").count() == len(areas.tree().of_level("street"))
