"""A paper is opened again as a reader would open it: the Word file's measures, the PDF's words and lines."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from linli.surfaces import papers
from linli.surfaces.papers import fonts, layout
from linli.surfaces.papers.typeset import picture
from linli.surfaces.parts import charts

TEXT = """一、基本情况
10月共受理案件1,234件，其中即查即改567件。
【表1】
（一）热点
【图1】
1.关于排水
1.5公里管网已更换，由水务局牵头。
二、下一步
继续跟踪。【不是图】
【图9】"""

FIGURES: dict[str, papers.Block] = {
    "表1": papers.Table(
        "表1 各街道受理情况", ["街道", "受理"], [["文澜街道", "120"], ["观澜街道", "98"]], frozenset({1})
    ),
    "图1": charts.Bars(title="图1 类别", unit="件", rows=[charts.Bar(label="暴露垃圾", value=30)]),
}  # fmt: skip


def paper(**changes: Any) -> papers.Paper:
    made: dict[str, Any] = {
        "title": "蒙自市社会治理工作月报", "red_head": "蒙自市指挥调度中心文件", "number": "蒙治调〔2026〕10号",
        "marks": ["〔办理类型〕〔A〕"], "addressee": "市政府", "blocks": papers.read(TEXT, FIGURES),
        "attachments": ["明细表", "说明"], "signed": "蒙自市指挥调度中心", "dated": date(2026, 11, 1),
        "contact": "联系人及电话：示例 0873-0000000", "note": "此件主动公开", "copies": "市委办，市人大办",
        "as_of": "数据截至2026年10月31日24时",
    }  # fmt: skip
    return papers.Paper(**{**made, **changes})


def word(made: papers.Paper) -> Any:
    return Document(io.BytesIO(papers.to_word(made)))


def pdf_pages(made: papers.Paper) -> list[str]:
    with pypdfium2.PdfDocument(papers.to_pdf(made)) as file:
        return [page.get_textpage().get_text_range() for page in file]


def line(file: Any, text: str) -> Any:
    return next(p for p in file.paragraphs if text in p.text)


# -- reading what was typed ------------------------------------------------------------------------------------------


def test_headings_are_known_by_their_numbers_and_marks_stand_for_figures() -> None:
    blocks = papers.read(TEXT, FIGURES)
    levels = [block.level for block in blocks if isinstance(block, papers.Paragraph)]
    assert levels == [1, 0, 2, 3, 0, 1, 0, 0]
    assert FIGURES["表1"] in blocks
    assert FIGURES["图1"] in blocks
    assert blocks[-1] == papers.Paragraph("【图9】"), "a mark without its figure is not lost"


@pytest.mark.parametrize(("number", "word"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九")])
def test_ordinals_as_headings_write_them(number: int, word: str) -> None:
    assert papers.ordinal(number) == word


def test_a_heading_has_no_number_beyond_ninety_nine() -> None:
    with pytest.raises(ValueError, match="100"):
        papers.ordinal(100)


# -- Word ------------------------------------------------------------------------------------------------------------


def test_the_word_file_has_the_page_of_the_standard() -> None:
    section = word(paper()).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    assert round(section.page_width.mm - section.left_margin.mm - section.right_margin.mm) == 156
    assert round(section.page_height.mm - section.top_margin.mm - section.bottom_margin.mm) == 225
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    pitch = int(grid.get(qn("w:linePitch"))) / 20
    assert int(section.page_height.pt - section.top_margin.pt - section.bottom_margin.pt + 0.5) // int(pitch) == 22
    character = layout.BODY + int(grid.get(qn("w:charSpace"))) / 4096
    assert round(layout.AREA_WIDTH / character, 2) == 28


def test_each_level_has_its_font_and_running_text_moves_in_two_characters() -> None:
    file = word(paper())

    def font(text: str) -> tuple[str, float]:
        run = line(file, text).runs[0]
        return run._r.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt

    assert font("工作月报") == ("方正小标宋简体", 22)
    assert font("一、基本情况") == ("黑体", 16)
    assert font("（一）热点") == ("楷体_GB2312", 16)
    assert font("10月共受理") == ("仿宋_GB2312", 16)
    moved = line(file, "10月共受理")._p.pPr.find(qn("w:ind"))
    assert moved.get(qn("w:firstLineChars")) == "200"
    assert line(file, "一、基本情况").paragraph_format.keep_with_next


def test_the_red_head_is_red_and_pages_are_numbered_outside() -> None:
    file = word(paper())
    assert str(line(file, "指挥调度中心文件").runs[0].font.color.rgb) == layout.RED
    section = file.sections[0]
    assert file.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        xml = footer.paragraphs[0]._p.xml
        assert "PAGE" in xml
        assert f'w:jc w:val="{side}"' in xml
        assert footer.paragraphs[0].text == "—  —"


def test_fonts_that_may_be_absent_have_a_stand_in_by_name() -> None:
    with zipfile.ZipFile(io.BytesIO(papers.to_word(paper()))) as parts:
        table = parts.read("word/fontTable.xml").decode()
    for name, other in fonts.ALTERNATIVES.items():
        assert f'w:name="{name}"' in table
        assert f'w:val="{other}"' in table


def test_tables_stay_tables_and_charts_are_pictures_with_words() -> None:
    file = word(paper())
    rows = [[cell.text for cell in row.cells] for row in file.tables[0].rows]
    assert rows == [["街道", "受理"], ["文澜街道", "120"], ["观澜街道", "98"]]
    assert file.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    (shape,) = file.inline_shapes
    assert shape._inline.docPr.get("descr") == "图1 类别"
    assert round(shape.width.mm) == 156


def test_attachments_signature_and_copies_stand_in_order() -> None:
    texts = [p.text for p in word(paper()).paragraphs if p.text]
    wanted = ["附件：1.明细表", "　　　2.说明", "蒙自市指挥调度中心", "2026年11月1日",
              "联系人及电话：示例 0873-0000000", "（此件主动公开）", "抄送：市委办，市人大办。"]  # fmt: skip
    assert texts[-len(wanted) :] == wanted


@pytest.mark.parametrize(("switch", "words"), [("LINLI_DEMO", "演示稿"), ("LINLI_PRACTICE", "练习稿")])
def test_a_paper_of_a_demo_or_an_exercise_says_so_first(settings: Any, switch: str, words: str) -> None:
    setattr(settings, switch, True)
    assert word(paper()).paragraphs[0].text.startswith(words)
    assert words in pdf_pages(paper())[0]


def test_what_is_left_empty_is_not_printed() -> None:
    file = word(papers.Paper(title="会议纪要", facts=[("时间", "2026年11月1日"), ("地点", "二楼会议室")]))
    assert [p.text for p in file.paragraphs if p.text] == ["会议纪要", "时间：2026年11月1日", "地点：二楼会议室"]


# -- PDF -------------------------------------------------------------------------------------------------------------


def test_the_pdf_says_what_the_paper_says() -> None:
    text = "".join(pdf_pages(paper())).replace("\r\n", "").replace(" ", "")
    for words in ("蒙自市指挥调度中心文件", "蒙治调〔2026〕10号", "市政府：", "一、基本情况", "文澜街道",
                  "图1类别（单位：件）", "附件：1.明细表", "2026年11月1日", "抄送：市委办，市人大办。",
                  "数据截至2026年10月31日24时"):  # fmt: skip
        assert words in text


def test_a_full_page_of_the_pdf_holds_22_lines_of_28_characters() -> None:
    filler = papers.Paragraph("治" * (28 * 60))
    first, second, *_rest = pdf_pages(papers.Paper(title="满页", blocks=[filler]))
    lines = [row for row in second.splitlines() if "治" in row]
    assert {len(row) for row in lines} == {28}
    assert len(lines) == 22
    assert "— 1 —" in first
    assert "— 2 —" in second


def test_the_pdf_carries_its_fonts_and_is_made_for_archives() -> None:
    made = papers.to_pdf(paper())
    with pypdfium2.PdfDocument(made) as file:
        assert round(file[0].get_width() / layout.MM) == 210
        assert round(file[0].get_height() / layout.MM) == 297
    assert b"FontFile" in made
    assert b"pdfaid:part" in made


def test_words_that_look_like_markup_stay_words() -> None:
    odd = "#import 甲_乙_ *丙* $x$ <a> [b] \\ @c"
    made = papers.Paper(title="标题 #1", blocks=[papers.Paragraph(odd)], addressee="某局 [代]")
    assert odd.replace(" ", "") in "".join(pdf_pages(made)).replace("\r\n", "").replace(" ", "")
    assert line(word(made), "#import").text == odd


@pytest.mark.parametrize("kind", ["columns", "line"])
def test_a_chart_with_a_gap_and_one_without_values_are_drawn(kind: Any) -> None:
    series = [charts.Series("受理", [3, None, 12]), charts.Series("办结", [None, None, None])]
    for chart in (
        charts.Chart(title="图", labels=["8月", "9月", "10月"], series=series, kind=kind),
        charts.Chart(title="空", labels=[], series=[charts.Series("受理", [])], kind=kind),
        charts.Bars(title="空", rows=[]),
    ):
        assert Image.open(io.BytesIO(picture(chart))).width > 1000


def test_the_first_page_can_be_looked_at() -> None:
    shown = Image.open(io.BytesIO(papers.pages(paper())[0]))
    assert shown.height > shown.width


def test_missing_official_fonts_are_named() -> None:
    assert set(papers.missing()) <= {names[0] for names in fonts.ROLES.values()}
    assert all(fonts.used().values()), "every role has a font that is there"
