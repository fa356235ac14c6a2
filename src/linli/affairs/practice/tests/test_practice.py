"""The exercises are true to the processes, lead to real pages, and see for themselves what is done."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from tests.support.world import COMMUNITY, World
from tests.test_costs import signed_in

import linli
from linli.affairs.cases.process import CASE
from linli.affairs.practice import exercises
from linli.kernel.matters import perform
from linli.kernel.matters.declare import PROCESSES
from linli.kernel.posts.actors import Actor, resident_actor

pytestmark = pytest.mark.django_db
POLICY = yaml.safe_load(
    (Path(linli.__file__).parent / "profiles/default/posts.duties.yaml").read_text(encoding="utf-8")
)


@pytest.fixture
def practice(settings: Any) -> None:
    settings.LINLI_PRACTICE = True


def all_steps() -> list[tuple[exercises.Exercise, exercises.Step]]:
    return [(one, step) for one in exercises.every().values() for step in one.steps]


def test_every_step_names_actions_that_exist_and_a_page_that_opens() -> None:
    for one, step in all_steps():
        assert step.see != bool(step.does), f"{one.key}: a step is done by looking or by acting"
        assert reverse(step.page)
        for kind, action in step.does:
            assert PROCESSES[kind].has(action), f"{one.key}: {kind}.{action}"


def test_every_post_of_an_exercise_can_do_one_action_of_each_step() -> None:
    duties = POLICY["duties"]
    for one, step in all_steps():
        for post in one.posts:
            assert post in POLICY["post_kinds"], post
            carried = {name for name, duty in duties.items() if post in duty["posts"]}
            rules = [rule for k, a in step.does if (rule := PROCESSES[k].action(a).by)]
            assert not step.does or any(_asks(rule) & carried for rule in rules), (
                f"{one.key}: {post} cannot do {step.does}"
            )


def _asks(rule: Any) -> set[str]:
    """Return the duties that a rule names."""
    own = {rule.name} if type(rule).__name__ == "Duty" else set()
    return own.union(*(_asks(part) for part in getattr(rule, "parts", ())))


def test_the_posts_of_the_demo_have_an_exercise() -> None:
    covered = {post for one in exercises.every().values() for post in one.posts}
    wanted = {
        "grid_worker", "community_secretary", "street_dispatcher", "department_handler", "call_taker", "call_backer",
        "centre_dispatcher", "shift_leader", "auditor", "system_admin", "security_admin", "policy_officer",
    }  # fmt: skip
    assert wanted - covered == set()


def test_outside_a_practice_ground_there_is_nothing(world: World) -> None:
    browser = signed_in(world.actor("community_secretary"))
    assert browser.get("/desk/practice/").status_code == 404
    assert browser.post("/desk/practice/file/begin/").status_code == 404
    assert "/desk/practice/" not in browser.get("/desk/help/").content.decode()


def test_a_step_is_done_by_the_posts_own_act_on_a_real_matter(world: World, practice: None) -> None:
    secretary = world.actor("community_secretary")
    browser = signed_in(secretary)
    before = waiting_case()
    perform(actor=secretary, matter=before, action="file", data={"category": "E0102"})
    page = browser.get("/desk/practice/").content.decode()
    assert "核实并立案" in page
    assert "还没开始" in page
    browser.post("/desk/practice/file/begin/")
    assert standing_of(browser) == 0, "what was done before does not count"
    led = browser.post("/desk/practice/file/go/0/")
    assert led["Location"] == "/desk/"
    assert standing_of(browser) == 1, "looking is done by being led there"
    other = world.actor("community_worker")
    perform(actor=other, matter=waiting_case(), action="file", data={"category": "E0102"})
    assert standing_of(browser) == 1, "another post's act is not one's own"
    perform(actor=secretary, matter=waiting_case(), action="file", data={"category": "E0102"})
    assert standing_of(browser) == 2
    assert "这个练习做完了" in browser.get("/desk/practice/file/").content.decode()
    browser.post("/desk/practice/file/begin/")
    assert standing_of(browser) == 0, "one can begin anew"


def waiting_case() -> Any:
    data = {"description": "垃圾没人收", "area": COMMUNITY}
    return perform(process=CASE, action="report", actor=resident_actor(), data=data).matter


def standing_of(browser: Client, key: str = "file") -> int:
    return browser.get(f"/desk/practice/{key}/").content.decode().count("做到了")


@pytest.mark.parametrize("key", sorted(exercises.every()))
def test_every_exercise_opens_for_its_post_and_leads_to_each_page(world: World, practice: None, key: str) -> None:
    one = exercises.every()[key]
    browser = signed_in(_holder(world, one.posts[0]))
    browser.post(f"/desk/practice/{key}/begin/")
    for place, step in enumerate(one.steps):
        led = browser.post(f"/desk/practice/{key}/go/{place}/")
        assert led.status_code == 302
        assert browser.get(led["Location"]).status_code in {200, 302}, f"{key}: {step.page}"
    assert browser.post(f"/desk/practice/{key}/go/99/").status_code == 404
    if all(step.see for step in one.steps):
        assert standing_of(browser, key) == len(one.steps)


def _holder(world: World, kind: str) -> Actor:
    return world.actor(kind)


def test_an_exercise_of_another_post_is_not_there(world: World, practice: None) -> None:
    browser = signed_in(world.actor("auditor"))
    assert browser.get("/desk/practice/file/").status_code == 404
    assert browser.get("/desk/practice/audit/").status_code == 200


def test_every_page_says_that_it_is_practice(world: World, practice: None) -> None:
    auditor = signed_in(world.actor("auditor"))
    pages = [(Client(), path) for path in ("/", "/report/", "/accounts/login/", "/nowhere/")]
    for browser, path in (*pages, (auditor, "/desk/help/"), (auditor, "/accounts/2fa/")):
        assert "练习库：这里的内容都是练习" in browser.get(path).content.decode(), path


def test_the_practice_ground_is_turned_away_from_the_real_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.cli import practice as command

    for name in command.REAL:
        monkeypatch.setenv(name, "real")
    monkeypatch.setenv("LINLI_HOME", str(tmp_path))
    monkeypatch.setenv("LINLI_SECRET_FIELDS", "real")
    monkeypatch.delenv("LINLI_PRACTICE", raising=False)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    command.apart()
    assert os.environ["LINLI_HOME"] == str(tmp_path / "practice")
    assert os.environ["LINLI_PRACTICE"] == "1"
    assert [name for name in (*command.REAL, "LINLI_SECRET_FIELDS") if name in os.environ] == []
    again = CliRunner().invoke(command.practice, [])
    assert again.exit_code != 0, "a practice ground in a practice ground is a mistake"
