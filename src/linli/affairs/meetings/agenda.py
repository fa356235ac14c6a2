"""The agenda out of open matters: late, on account, disputed, and what the last meetings decided and nobody did."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import clock
from linli.kernel.matters.models import Matter
from linli.kernel.matters.selectors import visible
from linli.kernel.posts.actors import Actor
from linli.surfaces import papers

MOST = 8
#: What a meeting of offices is for; what is only few people's to know is never on an agenda.
PARTS = (
    (gettext_lazy("上次决定还没落实的"), {"kind": "decision"}),
    (gettext_lazy("超过时限还没办结的"), {"kind__in": ["case", "whistle"], "overdue": True}),
    (gettext_lazy("挂账到期或在账的"), {"kind": "remainder"}),
    (gettext_lazy("有异议待裁定的"), {"kind": "objection"}),
)


@translation.override("zh-hans")
def proposed(actor: Actor) -> str:
    """Return the lines of an agenda from what ``actor`` may see; a fixed number of statements."""
    lines: list[str] = []
    for title, conditions in PARTS:
        found = visible(actor, is_open=True, restricted=False, **conditions).select_related("held_unit")
        rows = list(found.order_by("due_at", "pk")[: MOST + 1])
        if rows:
            lines.append(str(title))
            lines += [_line(matter) for matter in rows[:MOST]]
            if len(rows) > MOST:
                lines.append(_("……其余见系统清单"))
    return "\n".join(lines)


def _line(matter: Matter) -> str:
    unit = matter.held_unit.short_name or matter.held_unit.name if matter.held_unit else ""
    due = f"{clock.local(matter.due_at):%m-%d}" if matter.due_at else ""
    told = "，".join(filter(None, [unit, _("时限%(day)s") % {"day": due} if due else ""]))
    return f"{matter.number} {matter.title}" + (f"（{told}）" if told else "")


def as_headings(agenda: str) -> str:
    """Return the agenda's lines as the headings of minutes to be written."""
    lines = [line.strip() for line in agenda.splitlines() if line.strip()][:40]
    return "\n".join(f"{papers.ordinal(at)}、{line}" for at, line in enumerate(lines, 1))
