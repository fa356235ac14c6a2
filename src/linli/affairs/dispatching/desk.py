"""What the desk shows of it: why the catalogue chose, the suggestion beside it, the way to the page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.affairs.dispatching import catalogue, suggesting
from linli.kernel import clock
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.kernel.posts.actors import Actor
from linli.surfaces.desk import registry
from linli.surfaces.parts import registry as parts
from linli.surfaces.parts import shapes, words

WAITING = {"case": {"filed"}, "whistle": {"blown"}}
KEEPERS = frozenset({"policy_editor", "policy_approver", "statistician"})


@registry.section("case", "whistle")
def whom_to_send(actor: Actor, matter: Matter) -> registry.Section | None:
    """Return what catalogue and suggestion say, to whoever is about to dispatch; ``None`` to others."""
    if matter.stage not in WAITING[matter.kind] or "dispatcher" not in duties_of(actor):
        return None
    rows = [*_chosen(matter), *_suggested(matter, _text(matter))]
    if not rows:
        return None
    return registry.Section(title=_("派单目录与建议"), icon="list-checks", shapes=[shapes.Facts(rows)], aside=True)


def _chosen(matter: Matter) -> list[tuple[Any, Any]]:
    choice = catalogue.choose(matter)
    if choice is None:
        return []
    helpers = "、".join(unit.name for unit in choice.assistants)
    return registry.told(
        [
            (_("目录：牵头"), choice.lead.name if choice.lead else ""),
            (_("目录：协办"), helpers),
            (_("目录：兜底"), choice.fallback.name if choice.fallback else ""),
            (_("为什么"), choice.why),
        ]
    )


def _suggested(matter: Matter, text: str) -> list[tuple[Any, Any]]:
    found = suggesting.suggest(matter, text)
    if found is None:
        return []
    sure = _("%(percent)d%%") % {"percent": round(found.confidence * 100)}
    if not found.shown:
        return [(_("建议"), _("把握只有 %(sure)s，低于政策门槛，请按目录派。") % {"sure": sure})]
    day = words.day(clock.local(found.made_at).date())
    learned = _("学自 %(n)d 件办结事项（%(day)s）") % {"n": found.examples, "day": day}
    source = _("%(learned)s，模拟文本") % {"learned": learned} if found.simulated else learned
    return [
        (_("建议"), found.unit.name),
        (_("把握"), sure),
        (_("说明"), _("%(source)s；只供参考，由您决定。") % {"source": source}),
    ]


def _text(matter: Matter) -> str:
    detail = matter.case if matter.kind == "case" else matter.whistle
    return str(detail.description)


def _may_look(request: HttpRequest) -> bool:
    return bool(KEEPERS & duties_of(session.actor(request)))


parts.register_nav(
    "desk",
    parts.NavItem(
        key="dispatching",
        label=gettext_lazy("派单目录"),
        url_name="dispatching:index",
        icon="list-checks",
        order=72,
        group=gettext_lazy("管理"),
        also=("dispatching:add", "dispatching:edit", "dispatching:drop"),
        visible=_may_look,
    ),
)
