"""A briefing from its draft to the files that were sent: true figures, no persons, kept as it was."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from docx import Document
from tests.support.lively import account
from tests.support.world import COMMUNITY, DISTRICT, OTHER_STREET, STREET, World
from tests.test_costs import statements

from linli.affairs.briefings import cli, drafting, periods
from linli.affairs.briefings.guards import TO_FILL_IN
from linli.affairs.briefings.models import Briefing
from linli.affairs.briefings.paper import paper_of
from linli.affairs.briefings.process import BRIEFING
from linli.affairs.cases.process import CASE
from linli.kernel import areas, clock, people
from linli.kernel.errors import Invalid, NotHere, NotNow
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor, resident_actor
from linli.surfaces import papers

DAY = date(2026, 11, 24)
KINDS = [str(kind) for kind in Briefing.Kind.values]


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.using(clock.at(DAY, 9)) as travel:
        yield travel


def case(world: World, area: str = COMMUNITY, category: str = "E0102") -> Matter:
    """A case that a resident with a name and a number reported, filed by the community."""
    reporter = resident_actor(people.ensure_by_phone("13887300001", "王大妈"))
    data = {"description": "楼下垃圾没人收", "area": area}
    matter = perform(process=CASE, action="report", actor=reporter, data=data).matter
    clerk = world.actor("community_secretary", area=area)
    perform(actor=clerk, matter=matter, action="file", data={"category": category})
    return matter


def editor(world: World) -> Actor:
    return world.actor("centre_dispatcher")


def draft(world: World, kind: str = "month", day: date = DAY, who: Actor | None = None) -> Matter:
    data = {"kind": kind, "day": day.isoformat()}
    return perform(process=BRIEFING, action="draft", actor=who or editor(world), data=data).matter


def edit(world: World, matter: Matter, **changes: str) -> None:
    briefing = Briefing.objects.get(pk=matter.pk)
    text = briefing.text.replace(TO_FILL_IN, "继续推进。")
    data = {"title": briefing.title, "text": text, "signed": briefing.signed, **changes}
    perform(actor=editor(world), matter=matter, action="edit", data=data)


def send(world: World, matter: Matter) -> Briefing:
    asked = perform(actor=editor(world), matter=matter, action="send").approval
    perform(actor=world.actor("centre_director"), matter=asked, action="approve", data={})
    return Briefing.objects.get(pk=matter.pk)


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(account(actor), backend="django.contrib.auth.backends.ModelBackend")
    return client


# -- the draft -------------------------------------------------------------------------------------------------------


def test_a_months_draft_says_what_was_counted(world: World) -> None:
    case(world)
    case(world)
    briefing = Briefing.objects.get(pk=draft(world).pk)
    assert "2026年11月，蒙自市共受理2件，其中即查即改0件、立案2件，比上期增加2件（上期0件）" in briefing.text
    assert "响应率无数据（本期没有可算的件）" in briefing.text
    assert briefing.numbers["filed"] == 2
    assert (briefing.since, briefing.until) == (date(2026, 11, 1), date(2026, 11, 30))
    table = next(one for one in briefing.figures.values() if one["type"] == "table")
    assert ["2", "0", "2"] in [row[1:] for row in table["rows"]]
    assert [row[0] for row in table["rows"]] == [node.name for node in areas.tree().of_level(areas.Level.STREET)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_period_without_data_says_so_and_gives_no_wrong_number(world: World, kind: str) -> None:
    briefing = Briefing.objects.get(pk=draft(world, kind, date(2026, 3, 5)).pk)
    assert "没有受理案件" in briefing.text
    assert "响应率无数据" in briefing.text
    assert "0.00%" not in briefing.text


@pytest.mark.parametrize("day", [date(2026, 11, 25), date(1999, 1, 1)])
def test_days_that_cannot_have_figures_are_refused(world: World, day: date) -> None:
    with pytest.raises(Invalid) as refused:
        draft(world, "day", day)
    assert "没有数据" in refused.value.errors["day"][0]


@pytest.mark.parametrize("kind", KINDS)
def test_no_person_and_no_number_of_a_person_stands_in_a_draft(world: World, kind: str) -> None:
    case(world)
    text = str(Briefing.objects.filter(pk=draft(world, kind, DAY).pk).values("text", "figures").get())
    assert "王大妈" not in text
    assert "13887300001" not in text
    for kind_of_post in ("community_secretary", "centre_dispatcher"):
        person = world.actor(kind_of_post).person
        assert person is not None
        assert person.name not in text


def test_a_street_reports_on_itself_alone(world: World) -> None:
    case(world)
    street = world.actor("street_dispatcher")
    mine = Briefing.objects.select_related("matter").get(pk=draft(world, who=street).pk)
    assert mine.matter.area_code == STREET
    assert mine.numbers["filed"] == 1
    other = draft(world, who=world.actor("street_dispatcher", area=OTHER_STREET))
    assert Briefing.objects.get(pk=other.pk).numbers["filed"] == 0


def test_weeks_begin_on_monday_and_a_month_is_compared_with_the_month_before() -> None:
    assert periods.around("week", DAY) == (date(2026, 11, 23), date(2026, 11, 29))
    assert periods.before(*periods.around("month", date(2026, 3, 9))) == (date(2026, 2, 1), date(2026, 2, 28))
    assert periods.before(*periods.around("week", DAY)) == (date(2026, 11, 16), date(2026, 11, 22))
    assert periods.before(DAY, DAY) == (date(2026, 11, 23), date(2026, 11, 23))


def test_a_draft_costs_the_same_with_one_case_and_with_ten(world: World) -> None:
    costs = []
    since, until = periods.around("month", DAY)
    for count in (1, 9):
        for _ in range(count):
            case(world)
        drafting.draft("month", areas.tree().root, since, until)
        with CaptureQueriesContext(connection) as captured:
            drafting.draft("month", areas.tree().root, since, until)
        costs.append(len(statements(captured)))
    assert costs[0] == costs[1], statements(captured)


def test_a_notice_names_units_that_are_late_and_no_handler(world: World, now: clock.Travel) -> None:
    matter = case(world)
    clerk = world.actor("community_secretary")
    perform(actor=clerk, matter=matter, action="dispatch", data={"lead": world.unit("gas").pk, "assistants": []})
    from linli.kernel.matters import sweeping

    now.to(now.moment + timedelta(days=5))
    sweeping.sweep()
    briefing = Briefing.objects.get(pk=draft(world, "notice").pk)
    table = next(one for one in briefing.figures.values() if one["type"] == "table")
    assert table["rows"] == [["gas", "1", "1"]]
    assert "只通报单位，不通报个人" in table["note"]


def test_a_paper_is_chinese_whatever_language_its_writer_reads(world: World) -> None:
    with translation.override("en"):
        briefing = Briefing.objects.get(pk=draft(world, "day").pk)
        made = paper_of(briefing)
    assert "没有受理案件" in briefing.text
    assert made.as_of.startswith("数据截至")


# -- editing and sending ---------------------------------------------------------------------------------------------


def test_nothing_is_sent_that_people_have_not_finished(world: World) -> None:
    matter = draft(world)
    with pytest.raises(NotNow) as refused:
        perform(actor=editor(world), matter=matter, action="send")
    assert "请填写" in str(refused.value)
    edit(world, matter)
    asked = perform(actor=editor(world), matter=matter, action="send").approval
    with pytest.raises(NotHere):
        perform(actor=editor(world), matter=asked, action="approve", data={})


def test_what_was_sent_stays_as_it_was_and_later_corrections_are_told(world: World) -> None:
    case(world)
    matter = draft(world)
    edit(world, matter, number="蒙治调〔2026〕11号")
    sent = send(world, matter)
    desk = client_of(editor(world))
    where = reverse("briefings:file", args=[matter.number, "docx"])
    before = desk.get(where).content
    case(world)
    assert desk.get(where).content == before == bytes(sent.word or b"")
    texts = [p.text for p in Document(io.BytesIO(before)).paragraphs]
    assert "蒙治调〔2026〕11号" in texts
    assert "2026年11月24日" in texts
    assert any("共受理1件" in text for text in texts)
    with pytest.raises(NotNow):
        edit(world, matter)
    shown = desk.get(reverse("desk:matter", args=[matter.number])).content.decode()
    assert "印发时1，现在2" in shown


def test_figures_move_with_their_marks_and_go_with_them(world: World) -> None:
    case(world)
    matter = draft(world)
    edit(world, matter, text="一、只要图\n【图1】")
    blocks = paper_of(Briefing.objects.get(pk=matter.pk)).blocks
    assert [type(block).__name__ for block in blocks] == ["Paragraph", "Chart"]
    with pytest.raises(Invalid):
        perform(actor=editor(world), matter=matter, action="redraw", data={})
    perform(actor=editor(world), matter=matter, action="redraw", data={"sure": "on"})
    assert "二、响应、解决、满意" in Briefing.objects.get(pk=matter.pk).text


def test_a_daily_report_prints_on_one_sheet(world: World) -> None:
    for _ in range(3):
        case(world)
    briefing = Briefing.objects.get(pk=draft(world, "day").pk)
    with pypdfium2.PdfDocument(papers.to_pdf(paper_of(briefing))) as file:
        assert len(file) == 1


# -- pages and files -------------------------------------------------------------------------------------------------


def test_the_desk_drafts_shows_and_gives_files(world: World) -> None:
    case(world)
    desk = client_of(editor(world))
    assert "取数起草" in desk.get(reverse("briefings:new")).content.decode()
    assert desk.post(reverse("briefings:new"), {"kind": "month", "day": "2027-01-01", "key": "a"}).status_code == 422
    done = desk.post(reverse("briefings:new"), {"kind": "month", "day": "2026-11-24", "key": "b"})
    matter = Matter.objects.get(kind="briefing")
    assert done.headers["Location"] == reverse("desk:matter", args=[matter.number])
    shown = desk.get(done.headers["Location"]).content.decode()
    for words in ("数据截至2026年11月24日09:00", "各地立案情况", "<svg", "草稿"):
        assert words in shown
    for form, head in (("docx", b"PK"), ("pdf", b"%PDF")):
        assert desk.get(reverse("briefings:file", args=[matter.number, form])).content.startswith(head)
    assert desk.get(reverse("briefings:file", args=[matter.number, "exe"])).status_code == 404
    assert client_of(world.actor("department_handler", unit="water")).get(
        reverse("briefings:file", args=[matter.number, "pdf"])
    ).status_code == 404  # fmt: skip
    assert desk.get(reverse("desk:list", args=["briefings"]), {"type": "week"}).status_code == 200
    assert matter.number in desk.get(reverse("desk:queue", args=["briefings"])).content.decode()


def test_a_report_is_printed_from_the_command_line(world: World, tmp_path: Path) -> None:
    case(world)
    files = [tmp_path / f"month{suffix}" for suffix in (".docx", ".pdf", ".png")]
    run = CliRunner().invoke(cli.group, ["print", "month", "2026-11-01", *map(str, files)])
    assert run.exit_code == 0, run.output
    assert [path.read_bytes()[:4] for path in files] == [b"PK\x03\x04", b"%PDF", b"\x89PNG"]
    assert Briefing.objects.count() == 0, "a print is not stored"
    wrong = CliRunner().invoke(cli.group, ["print", "month", "2026-11-01", str(tmp_path / "a.txt")])
    assert wrong.exit_code == 2
    assert ".docx" in wrong.output
    nowhere = CliRunner().invoke(cli.group, ["print", "day", "2026-11-01", str(files[0]), "--area", f"{DISTRICT}999"])
    assert nowhere.exit_code == 2


def test_the_doctor_names_the_official_fonts_that_are_not_here() -> None:
    from linli.affairs.briefings import probes

    (said,) = probes.fonts()
    for name in papers.missing():
        assert name in said.text
