"""Versions of documents: loading, proposing, approving, pinning, dates, upcasts."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from linli.kernel import clock, policy
from linli.kernel.areas.models import Area
from linli.kernel.errors import Invalid, NotHere, NotNow, UserError
from linli.kernel.people.models import Person
from linli.kernel.policy import compare, documents, files, selectors, services
from linli.kernel.policy.models import PolicyVersion
from linli.kernel.policy.shapes import Duties
from linli.kernel.posts.actors import Actor, ActorKind, system_actor
from linli.kernel.posts.models import Post, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh():
    policy.forget()
    yield
    policy.forget()


def actor(kind: str) -> Actor:
    unit, _ = Unit.objects.get_or_create(
        code="centre",
        defaults={"name": "调度中心", "kind": "centre", "area": Area.objects.create(level="district")},
    )
    person = Person.objects.create(name="某某", created_at=clock.now())
    post = Post.objects.create(unit=unit, kind=kind, title=kind)
    return Actor(kind=ActorKind.POST, post=post, unit=unit, person=person)


def with_title(title: str) -> dict:
    body = files.body_of(files.shipped("posts.duties"))
    body["duties"]["dispatcher"]["title"] = title
    return body


def dispatcher_title(on: date | None = None) -> str:
    return policy.get(Duties, on).duties["dispatcher"].title


def test_the_first_load_comes_into_force_and_the_second_changes_nothing():
    done = services.load(files.SHIPPED, author="装载")
    assert "posts.duties" in done.in_force
    assert policy.pin("posts.duties") == {"posts.duties": 1}
    again = services.load(files.SHIPPED)
    assert again.in_force == ()
    assert again.drafts == ()
    assert services.diff(files.SHIPPED) == []


def test_after_the_first_load_a_changed_file_only_makes_a_draft_and_only_once(tmp_path: Path):
    services.load(files.SHIPPED)
    (tmp_path / "posts.duties.yaml").write_text("extends: default\nduties:\n  dispatcher:\n    title: 分派\n")
    assert [str(c) for c in services.diff(tmp_path)] == ["~ posts.duties duties.dispatcher.title: 派遣 → 分派"]
    first, second = services.load(tmp_path), services.load(tmp_path)
    assert [d.number for d in first.drafts] == [2]
    assert [d.pk for d in second.drafts] == [first.drafts[0].pk]
    assert dispatcher_title() == "派遣"


def test_a_draft_needs_another_post_and_another_person_to_come_into_force():
    services.load(files.SHIPPED)
    editor, director = actor("policy_officer"), actor("centre_director")
    draft = services.propose(
        actor=editor, name="posts.duties", body=with_title("分派"), valid_from=clock.today(), note="换个说法"
    )
    with pytest.raises(NotHere):
        services.put_in_force(actor=editor, version=draft)
    same_human = Actor(kind=ActorKind.POST, post=director.post, unit=director.unit, person=editor.person)
    with pytest.raises(UserError, match="另一个岗位"):
        services.put_in_force(actor=same_human, version=draft)
    services.put_in_force(actor=director, version=draft)
    assert dispatcher_title() == "分派"
    with pytest.raises(NotNow, match="已有决定"):
        services.reject(actor=director, version=draft, note="晚了")


def test_a_pin_keeps_what_a_matter_was_opened_under():
    services.load(files.SHIPPED)
    pins = policy.pin("posts.duties")
    draft = services.propose(
        actor=actor("policy_officer"), name="posts.duties", body=with_title("分派"), valid_from=clock.today()
    )
    services.put_in_force(actor=actor("centre_director"), version=draft)
    assert policy.pinned(pins, Duties).duties["dispatcher"].title == "派遣"
    assert policy.pin("posts.duties") == {"posts.duties": 2}


def test_a_version_for_a_later_day_waits_for_it_and_the_past_keeps_its_own():
    today = clock.today()
    services.load(files.SHIPPED, on=today - timedelta(days=30))
    draft = services.propose(
        actor=actor("policy_officer"),
        name="posts.duties",
        body=with_title("分派"),
        valid_from=today + timedelta(days=5),
    )
    services.put_in_force(actor=actor("centre_director"), version=draft)
    assert dispatcher_title() == "派遣"
    assert dispatcher_title(today + timedelta(days=5)) == "分派"
    assert dispatcher_title(today - timedelta(days=3)) == "派遣"
    with clock.using(clock.at(today + timedelta(days=6))):
        assert dispatcher_title() == "分派"


def test_a_version_approved_after_its_day_holds_from_today():
    services.load(files.SHIPPED, on=clock.today() - timedelta(days=30))
    draft = services.propose(
        actor=actor("policy_officer"),
        name="posts.duties",
        body=with_title("分派"),
        valid_from=clock.today() - timedelta(days=10),
    )
    done = services.put_in_force(actor=actor("centre_director"), version=draft)
    assert done.valid_from == clock.today()
    assert dispatcher_title(clock.today() - timedelta(days=1)) == "派遣"


def test_a_rejected_draft_never_holds():
    services.load(files.SHIPPED)
    draft = services.propose(
        actor=system_actor(), name="posts.duties", body=with_title("分派"), valid_from=clock.today()
    )
    services.reject(actor=actor("centre_director"), version=draft, note="不必")
    assert dispatcher_title() == "派遣"
    assert list(selectors.drafts()) == []


def test_handing_in_a_draft_asks_the_approval_gate():
    asked = []
    services.approval.fill(lambda *, actor, version: asked.append(version) or True)
    try:
        draft = services.propose(
            actor=system_actor(), name="posts.duties", body=with_title("分派"), valid_from=clock.today()
        )
    finally:
        services.approval.empty()
    assert asked == [draft]


def test_a_body_that_does_not_hold_is_refused_at_its_place():
    body = with_title("分派")
    body["duties"]["dispatcher"]["posts"] = ["astronaut"]
    with pytest.raises(Invalid, match="astronaut"):
        services.propose(actor=system_actor(), name="posts.duties", body=body, valid_from=clock.today())


def test_a_text_edited_on_the_desk_gets_its_errors_by_line():
    text = selectors.text("posts.duties").replace("title: 派遣\n", "titel: 派遣\n", 1)
    with pytest.raises(services.BadPolicy) as refused:
        services.propose_text(actor=system_actor(), name="posts.duties", text=text, valid_from=clock.today())
    line = refused.value.problems[0].line
    assert "派遣" in text.splitlines()[line - 1] or "dispatcher" in text.splitlines()[line - 2]


def test_the_text_for_the_desk_reads_back_as_the_same_document():
    parsed, problems = files.parse_text("posts.duties", selectors.text("posts.duties"))
    assert problems == []
    assert parsed == files.shipped("posts.duties")


def test_an_old_schema_is_lifted_by_upcasts_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Duties, "policy_schema", 3)
    monkeypatch.setattr(documents, "_upcasts", dict(documents._upcasts))

    @policy.upcast("posts.duties", 1)
    def _renamed(body: dict) -> dict:
        return {**body, "post_kinds": body["kinds"], "kinds": None}

    @policy.upcast("posts.duties", 2)
    def _dropped(body: dict) -> dict:
        return {k: v for k, v in body.items() if k != "kinds"}

    now = files.body_of(files.shipped("posts.duties"))
    old = {**{k: v for k, v in now.items() if k != "post_kinds"}, "kinds": now["post_kinds"]}
    stored = PolicyVersion(name="posts.duties", number=1, schema=1, body=old)
    assert selectors.document_of(stored) == files.shipped("posts.duties")


def test_the_database_refuses_two_versions_in_force_from_one_day():
    services.load(files.SHIPPED)
    first = PolicyVersion.objects.get(name="posts.duties")
    twin = services._write("posts.duties", first.body, first.valid_from, PolicyVersion.State.IN_FORCE)
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_the_outline_marks_our_own_defaults_as_samples():
    lines = compare.outline(files.shipped("posts.duties"))
    by_field = {line.field: line for line in lines}
    assert not by_field["civility_promoter"].sample
    assert by_field["civility_promoter"].source == "S1 C53"
    assert by_field["street_clerk"].sample
    assert {e.name for e in selectors.overview()} >= {"posts.duties"}
