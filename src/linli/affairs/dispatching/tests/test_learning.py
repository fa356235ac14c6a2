"""Learning: the same lessons give the same weights, words never seen decide the measure, the web needs no library."""

from __future__ import annotations

import pickle
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
from tests.support.world import COMMUNITY, World

from linli.affairs.cases.models import Case
from linli.affairs.cases.process import CASE
from linli.affairs.dispatching import learning, services, words
from linli.affairs.dispatching import lessons as lessons_of
from linli.affairs.dispatching.lessons import Lesson
from linli.affairs.dispatching.weights import unpack
from linli.kernel import clock
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import resident_actor

SPOTS = ("集贸市场门口", "小区北门", "公交站旁", "小学对面")
SAID = {
    "housing": (
        "{}小区里的路灯不亮",
        "小区内{}路灯坏了",
        "{}的小区路灯一直没人修",
        "住宅小区{}路灯不亮了",
        "我们小区{}的灯灭了",
        "小区{}那排灯没电",
        "{}小区院子里灯坏好久",
        "小区物业不修{}的灯",
    ),
    "urban": (
        "{}大马路的路灯不亮",
        "马路边{}路灯坏了",
        "{}的马路主干道灯一直没人修",
        "市政马路{}路灯不亮了",
        "过马路{}的灯灭了",
        "马路{}那排灯没电",
        "{}马路上灯坏好久",
        "马路两边{}的灯",
    ),
    "water_co": ("{}一上午停水", "{}没有水用", "家里停水，{}一片都停", "{}水管爆了停水", "{}又停水", "停水两天了{}"),
}


def lessons() -> list[Lesson]:
    return [
        Lesson(
            text=said.format(spot), place=f"青云社区{spot}", category="C0118" if role != "water_co" else "S0602",
            area_code="532503003002", role=role, by_catalogue="urban" if role != "water_co" else "water_co",
        )
        for role, texts in SAID.items() for said, spot in product(texts, SPOTS)
    ]  # fmt: skip


def test_a_template_is_what_is_left_without_the_place() -> None:
    assert len({one.template for one in lessons()}) == sum(len(texts) for texts in SAID.values())
    assert words.template("小区北门的灯坏了3盏", "银河社区小区北门") == "的灯坏了0盏"
    assert words.template("灯坏了", "") == "灯坏了"


def test_no_template_is_on_both_sides_of_the_split() -> None:
    taught, held = learning.split(lessons())
    assert held
    assert {one.template for one in taught} & {one.template for one in held} == set()
    assert len(taught) + len(held) == len(lessons())


def test_the_same_lessons_teach_the_same() -> None:
    taught, _held = learning.split(lessons())
    assert learning.learn(taught).packed() == learning.learn(taught).packed()


def test_words_that_the_category_does_not_have_are_learned_from_other_words() -> None:
    taught, held = learning.split(lessons())
    measure = learning.examine(learning.learn(taught), held, taught, Decimal("0.6"))
    assert measure.held_back == len(held)
    assert measure.catalogue < 1, "the table cannot tell the two kinds of lamp apart"
    assert measure.suggestion > measure.catalogue


def test_below_the_threshold_the_catalogue_stands_alone() -> None:
    taught, held = learning.split(lessons())
    model = learning.learn(taught)
    never = learning.examine(model, held, taught, Decimal(1))
    assert never.confident == 0
    assert never.together == never.catalogue


def test_one_kind_of_unit_teaches_nothing() -> None:
    with pytest.raises(ValueError, match="nothing to tell apart"):
        learning.learn([one for one in lessons() if one.role == "urban"])


def test_two_roles_have_confidences_that_add_up() -> None:
    model = learning.learn([one for one in lessons() if one.role != "water_co"])
    found = model.confidences(words.pieces("小区里的路灯坏了", "C0118", "532503003002"))
    assert sum(sure for _role, sure in found) == pytest.approx(1)
    assert found[0][0] == "housing"


def test_what_is_kept_says_the_same_as_what_was_learned() -> None:
    model = learning.learn(lessons())
    again = unpack(model.packed())
    for one in lessons():
        assert again.confidences(one.pieces) == model.confidences(one.pieces)


def test_learned_in_a_process_of_its_own_it_is_the_same_and_leaves_nothing_behind() -> None:
    code = (
        "import os, sys, pickle, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'linli.config.settings';"
        "django.setup(); from linli.affairs.dispatching import services;"
        "model = services.apart(pickle.load(sys.stdin.buffer));"
        "print('sklearn' in sys.modules, model.packed().hex())"
    )
    done = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(lessons()), capture_output=True, check=False)
    loaded, packed = done.stdout.decode().split()
    assert loaded == "False"
    assert packed == learning.learn(lessons()).packed().hex()


def test_what_a_process_of_its_own_cannot_learn_is_said_here() -> None:
    with pytest.raises(ValueError, match="nothing to tell apart"):
        services.apart([one for one in lessons() if one.role == "urban"])


def test_a_report_cannot_be_read_back_from_the_weights() -> None:
    secret = Lesson("我家住在九栋二单元的路灯不亮", "", "C0118", "532503003002", "urban", "urban")
    model = learning.learn([*lessons(), secret])
    assert not [piece for piece in model.pieces if "栋" in piece or "元" in piece]


def test_text_with_nothing_known_falls_back_on_where_the_roles_begin() -> None:
    model = learning.learn(lessons())
    assert sum(sure for _role, sure in model.confidences(set())) == pytest.approx(1)


def test_a_web_process_never_loads_the_library() -> None:
    code = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'linli.config.settings'; django.setup();"
        "import linli.config.urls, linli.affairs.dispatching.suggesting, linli.affairs.dispatching.views;"
        "print('sklearn' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_only_the_latest_teach_however_many_there_are(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lessons_of, "LATEST", 2)
    began = clock.now()
    for days, words_ in enumerate(("井盖坏了", "路灯不亮", "水管漏水", "树枝断了")):
        data = {"description": words_, "area": COMMUNITY}
        matter = perform(process=CASE, action="report", actor=resident_actor(), data=data).matter
        Case.objects.filter(pk=matter.pk).update(lead_unit=world.unit("urban"))
        ended = {"is_open": False, "closed_at": began, "opened_at": began - timedelta(days=days)}
        Matter.objects.filter(pk=matter.pk).update(category="C0118", **ended)
    assert [one.text for one in lessons_of.latest()] == ["路灯不亮", "井盖坏了"]
