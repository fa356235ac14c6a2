"""A report as a file without storing it."""

from __future__ import annotations

from datetime import date

from linli.affairs.briefings import drafting, periods
from linli.affairs.briefings.models import Briefing
from linli.affairs.briefings.paper import paper_of
from linli.kernel import areas, clock
from linli.surfaces import papers


def written(kind: str, day: date, suffix: str, *, area: str = "", signed: str = "") -> bytes:
    """Return the draft of the report that ``day`` belongs to as .docx, .pdf or .png (its first page).

    Raises ``LookupError`` for an area or a suffix that does not exist.
    """
    tree = areas.tree()
    node = tree.get(area) if area else tree.root
    if node is None:
        raise LookupError(f"没有区域 {area}")
    since, until = periods.around(kind, day)
    made = drafting.draft(kind, node, since, until)
    briefing = Briefing(
        kind=kind, since=since, until=until, as_of=clock.now(), title=made.title, text=made.text,
        figures=made.figures, signed=signed,
    )  # fmt: skip
    paper = paper_of(briefing)
    if suffix == ".docx":
        return papers.to_word(paper)
    if suffix == ".pdf":
        return papers.to_pdf(paper)
    if suffix == ".png":
        return papers.pages(paper)[0]
    raise LookupError(f"不会写 {suffix} 文件，请用 .docx、.pdf 或 .png")
