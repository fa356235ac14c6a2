"""An outsider recomputes what was published: the events behind the figures, and a script that knows nothing of us."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.support.world import COMMUNITY, STREET, World

from linli.affairs.cases.process import CASE
from linli.affairs.cases.tests.test_figures import exclude, judge
from linli.affairs.cases.tests.test_filed import report, to_verified
from linli.affairs.statistics import records
from linli.affairs.statistics.cli import group
from linli.affairs.statistics.models import Publication
from linli.affairs.statistics.process import PUBLICATION
from linli.affairs.statistics.services import publishing
from linli.affairs.statistics.tests.test_figures import count, tianmen
from linli.kernel import clock
from linli.kernel.errors import Invalid
from linli.kernel.matters import perform
from linli.kernel.posts.actors import system_actor

SCRIPT = Path(__file__).parents[5] / "docs" / "recompute.py"
TUESDAY = clock.at(date(2026, 11, 24), 9)


@pytest.fixture
def now() -> Any:
    with clock.using(TUESDAY) as travel:
        yield travel


def a_month(world: World) -> None:
    """Let two residents' cases be handled and judged, one excluded; and the counts of 天门 beside them."""
    for phone, outcome, satisfied in (
        ("13887300001", "not_solved", "unsatisfied"),
        ("13887300002", "solved", "basically"),
    ):
        matter = report(phone=phone)
        to_verified(world, matter)
        judge(matter, outcome, satisfied)
        if outcome == "not_solved":
            exclude(world, matter)
    tianmen(unit_id=world.unit("urban", name="城管局").pk)


def recompute(file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", str(SCRIPT), str(file)], capture_output=True, text=True, check=False)


def export(tmp_path: Path, *options: str) -> Path:
    file = tmp_path / "events.jsonl"
    result = CliRunner().invoke(
        group, ["records", "--since", "2026-11-01", "--until", "2026-11-30", "--output", str(file), *options],
        catch_exceptions=False,
    )  # fmt: skip
    assert "docs/recompute.py" in result.output
    return file


def test_the_script_recomputes_every_published_value_from_the_events(world: World, now: Any, tmp_path: Path) -> None:
    a_month(world)
    now.forward(minutes=1)
    file = export(tmp_path)
    done = recompute(file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "OK 结案率 value 城管局 93.72 recomputed 93.72" in done.stdout
    assert "every published value agrees" in done.stdout
    codes = {json.loads(file.read_text().splitlines()[0])["indices"][n]["code"] for n in range(12)}
    assert {"response", "solved", "composite", "closed_on_time"} <= codes


def test_the_script_finds_a_value_that_was_embellished(world: World, now: Any, tmp_path: Path) -> None:
    a_month(world)
    now.forward(minutes=1)
    file = export(tmp_path, "--index", "closed")
    head, *events = file.read_text().splitlines()
    told = json.loads(head)
    told["values"][0]["value"] = "99.00"
    file.write_text("\n".join([json.dumps(told), *events]))
    done = recompute(file)
    assert (done.returncode, "1 published values do not agree" in done.stdout) == (1, True)


def test_the_script_is_less_than_a_page() -> None:
    assert len(SCRIPT.read_text().splitlines()) <= 60


def test_the_events_name_nobody(world: World, now: Any, tmp_path: Path) -> None:
    a_month(world)
    matter = report(phone="13887309999")
    now.forward(minutes=1)
    text = export(tmp_path).read_text()
    for word in (str(matter.pk), matter.number, "13887309999", matter.title, COMMUNITY):
        assert word not in text
    events = [json.loads(line) for line in text.splitlines()[1:]]
    assert {len(event[3]) for event in events} <= {0, len(STREET)}
    assert {event[5] for event in events} <= {"", "E01", "E05", "E04", "C01"}


def test_what_only_few_may_know_has_no_category_in_the_events(world: World, now: Any) -> None:
    told = {"description": "隔壁在打人", "area": COMMUNITY, "category": "S0102"}
    matter = perform(process=CASE, action="register", actor=world.actor("community_worker"),
                     data={**told, "channel": "phone", "caller_phone": "13887300003"}).matter  # fmt: skip
    assert matter.restricted
    now.forward(minutes=1)
    head = records.header(["volume"], date(2026, 11, 1), date(2026, 11, 30), clock.now())
    _head, event = [json.loads(line) for line in records.lines(head, clock.now())]
    assert event[1:] == ["case.came", "2026-11-24", STREET, "", "", "01", 1]


def drafted(now: Any) -> Publication:
    now.to(clock.at(date(2026, 12, 2), 9))
    matter = publishing.draft_last_month()
    assert matter is not None
    return Publication.objects.select_related("matter").get(pk=matter.pk)


def value(figures: dict[str, Any], code: str) -> str | None:
    found: str | None = next(
        v["value"] for v in figures["values"] if v["index"] == code and not v["street"] + v["unit"]
    )
    return found


def test_a_month_is_drafted_once_and_put_before_the_public_by_a_person(world: World, now: Any) -> None:
    tianmen()
    publication = drafted(now)
    assert value(publication.figures, "closed") == "93.72"
    assert publishing.draft_last_month() is None
    perform(actor=world.actor("publisher"), matter=publication.matter, action="publish")
    publication.matter.refresh_from_db()
    assert publication.matter.stage == "published"


def test_a_correction_after_publication_leaves_the_published_figures_and_their_events(world: World, now: Any) -> None:
    tianmen()
    publication = drafted(now)
    count("case.due.closed", -100, on=date(2026, 11, 24))
    events = list(records.lines(publication.figures, publication.as_of))
    assert not [line for line in events if "-100" in line]
    again = records.header(["closed"], date(2026, 11, 1), date(2026, 11, 30), clock.at(date(2026, 12, 3)))
    assert (value(publication.figures, "closed"), value(again, "closed")) == ("93.72", "83.44")


def test_nothing_is_drafted_before_there_are_data(world: World, now: Any) -> None:
    assert publishing.draft_last_month() is None


def test_a_month_that_is_not_over_is_refused(world: World, now: Any) -> None:
    with pytest.raises(Invalid, match="还没有过完"):
        perform(process=PUBLICATION, action="draft", actor=system_actor(), data={"month": "2026-11-03"})
