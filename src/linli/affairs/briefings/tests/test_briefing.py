"""A briefing from its draft to the files that were sent: true figures, no persons, kept as it was."""

from __future__ import annotations

import io
import re
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

from linli.affairs.briefings import cli, drafting, figures, periods
from linli.affairs.briefings.guards import TO_FILL_IN
from linli.affairs.briefings.models import Briefing
from linli.affairs.briefings.paper import paper_of
from linli.affairs.briefings.process import BRIEFING
from linli.affairs.cases.policy import Categories
from linli.affairs.cases.process import CASE
from linli.affairs.statistics import selectors as statistics
from linli.affairs.statistics.selectors import Scope
from linli.affairs.statistics.tests.test_figures import count, in_force
from linli.kernel import areas, clock, people, policy
from linli.kernel.errors import Invalid, NotHere, NotNow
from linli.kernel.matters import perform
from linli.kernel.matters.models import Matter
from linli.kernel.posts.actors import Actor, resident_actor, system_actor
from linli.kernel.posts.services import merge_unit
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


def value(briefing: Briefing, code: str) -> str | None:
    found: str | None = briefing.numbers["indices"][code]["value"]
    return found


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
    assert "2026年11月，蒙自市共受理2件，其中即查即改0件、登记案件2件，上期无数据。" in briefing.text
    assert "登记的案件已办结0件，在办2件" in briefing.text
    assert "响应率无数据（本期没有可算的件）" in briefing.text
    assert briefing.numbers["indices"]["volume"] == {"value": "2", "version": 1}
    assert "本平台自 2026-11-24 起有数据，本数不含此前。" in briefing.text
    assert (briefing.since, briefing.until) == (date(2026, 11, 1), date(2026, 11, 30))
    table = next(one for one in briefing.figures.values() if one["type"] == "table")
    assert ["2", "0", "2"] in [row[1:] for row in table["rows"]]
    assert [row[0] for row in table["rows"]] == [node.name for node in areas.tree().of_level(areas.Level.STREET)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_period_without_data_says_so_and_gives_no_wrong_number(world: World, kind: str) -> None:
    briefing = Briefing.objects.get(pk=draft(world, kind, date(2026, 3, 5)).pk)
    assert "蒙自市无数据。" in briefing.text
    assert re.search("响应率(、解决率、满意率)?无数据", briefing.text)
    assert "0.00%" not in briefing.text
    assert "没有受理" not in briefing.text, "nobody counted then, so nobody knows"


@pytest.mark.parametrize("kind", KINDS)
def test_a_quiet_period_within_the_data_says_that_nothing_came(world: World, kind: str, now: clock.Travel) -> None:
    case(world)
    now.to(now.moment + timedelta(days=63))
    briefing = Briefing.objects.get(pk=draft(world, kind, now.moment.date()).pk)
    assert "没有受理案件" in briefing.text
    assert re.search("响应率(、解决率、满意率)?无数据", briefing.text)


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


def test_a_paper_says_that_a_unit_was_merged_and_that_a_definition_changed(world: World, now: clock.Travel) -> None:
    old, new = world.unit("old", name="城管一队"), world.unit("new", name="城管局")
    for unit, on in ((old, date(2026, 11, 3)), (new, date(2026, 11, 20))):
        for metric in ("case.came", "case.came.filed", "case.dispatched", "case.response.due"):
            count(metric, 10, on=on, unit_id=unit.pk)
        count("case.response.met", 9, on=on, unit_id=unit.pk)
    merge_unit(actor=system_actor(), unit=old, into=new)

    def change(body: dict[str, Any]) -> None:
        response = next(one for one in body["indices"] if one["code"] == "response")
        body["indices"].append({**response, "valid_from": "2026-11-16", "denominator": {"case.dispatched": 1}})

    in_force(date(2026, 11, 1), change)
    text = drafting.draft("month", areas.tree().root, date(2026, 11, 1), date(2026, 11, 30)).text
    for said in (
        "城管一队于 2026-11-24 并入城管局，本数只含并入以前。",
        "城管一队于 2026-11-24 并入，其此前的数另列在原单位名下。",
        "响应率第2版，其余第1版",
        "响应率在2026-11-01至2026-11-15按第1版口径为90.00%。",
        "响应率：口径在 2026-11-16 变更，本数只含其后；此前另列。",
    ):
        assert said in text, text


def test_every_number_of_a_paper_is_what_statistics_says(world: World) -> None:
    case(world)
    made = Briefing.objects.get(pk=draft(world).pk)
    scope = Scope(since=made.since, until=made.until)
    for code, kept in made.numbers["indices"].items():
        found = statistics.figure(code, scope)
        assert (kept["value"], kept["version"]) == (None if found.value is None else str(found.value), found.version)


def test_a_street_reports_on_itself_alone(world: World) -> None:
    case(world)
    street = world.actor("street_dispatcher")
    mine = Briefing.objects.select_related("matter").get(pk=draft(world, who=street).pk)
    assert mine.matter.area_code == STREET
    assert value(mine, "volume") == "1"
    other = draft(world, who=world.actor("street_dispatcher", area=OTHER_STREET))
    assert value(Briefing.objects.get(pk=other.pk), "volume") == "0"


def test_weeks_begin_on_monday_and_a_month_is_compared_with_the_month_before() -> None:
    assert periods.around("week", DAY) == (date(2026, 11, 23), date(2026, 11, 29))
    assert periods.before(*periods.around("month", date(2026, 3, 9))) == (date(2026, 2, 1), date(2026, 2, 28))
    assert periods.before(*periods.around("week", DAY)) == (date(2026, 11, 16), date(2026, 11, 22))
    assert periods.before(DAY, DAY) == (date(2026, 11, 23), date(2026, 11, 23))


def test_a_draft_costs_the_same_with_one_case_and_with_ten(world: World) -> None:
    costs = []
    since, until = periods.around("month", DAY)
    for more in (1, 9):
        for _ in range(more):
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
    assert "蒙自市无数据" in briefing.text
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
    assert "印发时1 件，现在2 件" in shown


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


def test_a_daily_report_prints_on_one_sheet_of_a4_however_much_there_is_to_say(world: World) -> None:
    units = [world.unit(f"unit{n}", name=f"名字很长的第{n}个承办单位") for n in range(20)]
    for n, category in enumerate(list(policy.get(Categories).by_code)[:30]):
        count("case.came", 1000 + n, on=DAY, category=category, unit_id=units[n % 20].pk)
    for unit in units:
        Matter.objects.filter(pk=case(world).pk).update(kind="task", held_unit=unit, overdue=True)
    briefing = Briefing.objects.get(pk=draft(world, "day").pk)
    assert "等20个单位" in briefing.text
    with pypdfium2.PdfDocument(papers.to_pdf(paper_of(briefing))) as file:
        assert len(file) == 1
        assert [round(side) for side in file[0].get_size()] == [595, 842]


def test_the_boards_print_todays_report_of_the_place_looked_at(world: World) -> None:
    case(world)
    leader = client_of(world.actor("shift_leader"))
    board = leader.get("/command/b/overview/", {"area": STREET}).content.decode()
    address = reverse("briefings:today") + f"?area={STREET}"
    assert "打印日报" in board
    assert address in board
    assert "打印日报" in leader.get("/command/b/overview/tv/").content.decode()
    printed = leader.get(address)
    assert printed["Content-Disposition"].startswith("inline")
    with pypdfium2.PdfDocument(printed.content) as file:
        text = file[0].get_textpage().get_text_bounded().replace("\r\n", "").replace(" ", "")
        assert len(file) == 1
    assert areas.tree().by_code(STREET).name in text
    assert "共受理1件" in text
    assert Briefing.objects.count() == 0, "a print is not kept"
    for kind, area in (("street_dispatcher", OTHER_STREET), ("department_handler", "")):
        assert client_of(world.actor(kind)).get(reverse("briefings:today"), {"area": area}).status_code == 404


def test_a_community_prints_its_own_daily_report_whistles_and_all(world: World) -> None:
    case(world)
    count("whistle.blown.community", 1, on=DAY, area=COMMUNITY)
    printed = client_of(world.actor("community_secretary")).get(reverse("briefings:today"), {"area": COMMUNITY})
    with pypdfium2.PdfDocument(printed.content) as file:
        text = file[0].get_textpage().get_text_bounded().replace("\r\n", "").replace(" ", "")
    assert areas.tree().by_code(COMMUNITY).name in text
    for code in (COMMUNITY, STREET):
        found = figures.of(areas.tree().by_code(code), DAY, DAY)
        assert (found.streets_blown, found.communities_blown) == (1, 1)


def test_a_daily_report_gives_the_rates_of_four_weeks(world: World, now: clock.Travel) -> None:
    for metric, number in (("case.came", 4), ("case.response.due", 4), ("case.response.met", 3)):
        count(metric, number, on=date(2026, 11, 10))
    assert "近四周响应率75.00%（4件）" in drafting.draft("day", areas.tree().root, DAY, DAY).text


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
    for words in ("数据截至2026年11月24日09:00", "各地案件情况", "<svg", "草稿"):
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
