"""The demo world is real work: every trail verifies, everybody held the post, every desk has something to do."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path

import pytest

from linli.affairs.cases import recount, stats
from linli.affairs.cases.models import Case
from linli.affairs.statistics import records
from linli.affairs.statistics import recount as statistics_recount
from linli.affairs.statistics.models import Publication, Recheck
from linli.affairs.supervision.models import Advice, Finding
from linli.demo.names import DEMO_PHONES
from linli.demo.population import UNUSED_BLOCK
from linli.demo.staff import PASSWORD
from linli.demo.world import DemoWorld
from linli.kernel import areas, clock
from linli.kernel.evidence.models import Attachment, State
from linli.kernel.matters import selectors, trail
from linli.kernel.matters.models import Matter, Seal, TrailEntry, TrailPayload
from linli.kernel.people.models import Account, Contact, Person
from linli.kernel.posts.actors import actor_for
from linli.kernel.posts.models import Holding, Leave
from linli.kernel.posts.selectors import posts_of

pytestmark = pytest.mark.xdist_group("demo")

# Roles whose work is not a queue: they read, publish, keep accounts, or act when somebody asks.
NO_QUEUE = {
    "system_admin", "security_admin", "auditor", "discipline_observer", "supervisor", "publisher", "policy_officer",
    "civility_promoter", "traffic_persuader", "hygiene_inspector",
}  # fmt: skip


MUST = {
    "report", "register", "patrol", "receive", "reply", "answer", "look", "file", "refuse.asked", "refuse", "redirect",
    "withdraw", "merge", "follow", "raise_up", "dispatch", "send", "sign", "contact", "feed_back", "sign_for",
    "feed_back_for", "extend.asked", "extend", "suspend.asked", "suspend", "resume_itself", "object",
    "overrule", "sustain", "give_back", "redispatch",
    "verify", "next_phase", "rework", "explain", "try_call", "give_up", "take_verdict", "judge", "archive", "dispute",
    "take_dispute", "uphold", "redo", "reopen", "exclude", "urge", "supervise", "remark", "instruct", "release",
    "settle", "issue", "approve", "endorse", "reject",
}  # fmt: skip


def test_every_trail_verifies(lived: DemoWorld) -> None:
    entries: dict[object, list[TrailEntry]] = defaultdict(list)
    for entry in TrailEntry.objects.order_by("matter_id", "seq"):
        entries[entry.matter_id].append(entry)
    kept = {payload.entry_id: payload for payload in TrailPayload.objects.all()}
    faults = [
        fault
        for matter in Matter.objects.all()
        for fault in trail.verify(entries[matter.pk], kept, bytes(matter.trail_head))
    ]
    assert faults == []
    assert Seal.objects.count() >= 3


def test_every_post_acted_through_somebody_who_held_it_then(lived: DemoWorld) -> None:
    holdings: dict[object, list[Holding]] = defaultdict(list)
    for holding in Holding.objects.all():
        holdings[holding.post_id].append(holding)
    leaves: dict[object, list[Leave]] = defaultdict(list)
    for leave in Leave.objects.all():
        leaves[leave.person_id].append(leave)
    acts = list(TrailEntry.objects.filter(actor_kind="post"))
    assert len(acts) > 300
    for entry in acts:
        held = [h for h in holdings[entry.post_id] if h.part == entry.part and h.valid_from <= entry.at]
        assert len(held) == 1, entry.action
        assert not any(leave.starts_at <= entry.at < leave.ends_at for leave in leaves[held[0].person_id])


# A shop's counter is open when people are free.
FREE = {"settle", "take_verdict", "try_call"}
WEEKENDS = {"volunteer_signup", "volunteer_activity"}
"""What people do in their own time, and those who organise it with them."""
AT_THE_COUNTER = {"confirm", "take_back", "offer", "receive"}


def test_offices_act_in_their_hours_and_only_patrols_at_weekends(lived: DemoWorld) -> None:
    from linli.kernel import worktime

    offices = Matter.objects.exclude(kind__in=WEEKENDS)
    outside = [
        entry.action
        for entry in TrailEntry.objects.filter(actor_kind="post", matter_id__in=offices.values("pk"))
        if not worktime.is_working(entry.at) and entry.action not in FREE | AT_THE_COUNTER
    ]
    assert outside == []


def test_another_persons_stand_in_acted_during_a_leave(lived: DemoWorld) -> None:
    assert Leave.objects.exists()
    assert Holding.objects.filter(part="B").exists()


def test_figures_equal_a_recount(lived: DemoWorld) -> None:
    assert recount.differences() == []
    assert lived.totals == asdict(stats.cases())
    assert lived.totals["total"] == Matter.objects.filter(kind__in=("case", "spot")).count()


def test_the_month_that_is_over_was_published_drawn_from_and_can_be_recomputed(
    lived: DemoWorld, tmp_path: Path
) -> None:
    publication = Publication.objects.select_related("matter").get(matter__stage="published")
    file = tmp_path / "events.jsonl"
    file.write_text("".join(records.lines(publication.figures, publication.as_of)))
    script = Path(__file__).parents[2] / "docs" / "recompute.py"
    done = subprocess.run([sys.executable, "-I", str(script), str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert len(file.read_text().splitlines()) > 20
    assert Recheck.objects.filter(matter__is_open=False).exists()
    assert Recheck.objects.filter(matter__is_open=True).exists()
    assert statistics_recount.differences() == []
    assert Finding.objects.exists()
    assert Advice.objects.exists()


def test_no_story_was_cut_off_by_the_present(lived: DemoWorld) -> None:
    assert lived.cut_short == 0
    assert Matter.objects.filter(opened_at__gt=clock.now()).count() == 0


def test_every_role_signs_in_and_finds_something_to_do(lived: DemoWorld) -> None:
    empty = []
    for entry in lived.sign_ins:
        account = Account.objects.select_related("person").get(username=entry.username)
        assert account.person is not None
        actor = actor_for(account.person, posts_of(account.person)[0])
        assert actor.post is not None
        assert actor.post.kind == entry.username
        if entry.username not in NO_QUEUE and not selectors.inbox(actor).exists():
            empty.append(entry.username)
    assert empty == []
    assert Account.objects.get(username="grid_worker").check_password(PASSWORD)


def test_what_waits_is_partly_due_and_partly_overdue(lived: DemoWorld) -> None:
    waiting = Matter.objects.filter(is_open=True, due_at__isnull=False)
    now = clock.now()
    assert waiting.filter(due_at__lt=now).count() >= 5
    assert waiting.filter(due_at__gt=now).count() >= 15


def test_the_usual_and_the_unusual_was_lived(lived: DemoWorld) -> None:
    lived_through = set(TrailEntry.objects.values_list("action", flat=True))
    assert MUST - lived_through == set()


def test_nobody_and_no_number_in_it_is_real(lived: DemoWorld) -> None:
    assert not Person.objects.filter(demo=False).exists()
    assert all(contact.value.startswith((DEMO_PHONES, UNUSED_BLOCK)) for contact in Contact.objects.all())
    for words in Case.objects.values_list("description", flat=True):
        assert not re.search(r"1[3-9]\d{9}", words)


def test_some_cases_have_photos_and_some_are_public(lived: DemoWorld) -> None:
    assert Attachment.objects.filter(state=State.READY).count() >= 5
    assert not Attachment.objects.filter(state=State.RECEIVED).exists()
    assert Case.objects.filter(released_at__isnull=False).exists()


def test_villages_have_matters_too(lived: DemoWorld) -> None:
    tree = areas.tree()
    kinds = {tree.by_id(m).kind for m in Matter.objects.filter(kind="case").values_list("area_id", flat=True)}
    assert "villager" in {str(kind) for kind in kinds}


def test_the_districts_summary_is_the_profiles(lived: DemoWorld) -> None:
    assert areas.summary(None)["committees"] == {"resident": 37, "villager": 72}
    assert areas.summary(None)["grid"] == 160


def test_what_was_asked_for_is_never_called_asked_twice(lived: DemoWorld) -> None:
    titles = set(Matter.objects.filter(kind="approval").values_list("title", flat=True))
    assert titles
    assert not any("申请申请" in title for title in titles)


def test_whistles_stand_at_every_link_when_the_demo_opens(lived: DemoWorld) -> None:
    stages = set(Matter.objects.filter(kind="whistle").values_list("stage", flat=True))
    assert stages == {"collected", "blown", "called", "handling", "fed_back", "verified", "rated", "evaluated"}
    shares = set(Matter.objects.filter(kind="report_in").values_list("stage", flat=True))
    assert {"called_in", "on_site", "suspended", "replied", "given_back"} <= shares
    assert Matter.objects.filter(kind="objection", is_open=True, objection__about__kind="whistle").count() == 1
