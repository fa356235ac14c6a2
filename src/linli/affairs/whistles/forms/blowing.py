"""Before a whistle goes out: the problem, why who found it cannot solve it, and which whistle it is."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms.common import CategoryField, CategoryForm, PlaceForm, photos, words
from linli.affairs.cases.policy import Sources
from linli.affairs.whistles.limits import type_of
from linli.affairs.whistles.policy import WhistleSets, WhistleType
from linli.kernel import policy
from linli.kernel.areas.models import Level
from linli.kernel.errors import NotHere
from linli.kernel.matters import ActionForm
from linli.kernel.matters.models import Matter
from linli.kernel.matters.rules import duties_of
from linli.kernel.matters.selectors import access_matter
from linli.kernel.posts.models import Unit

FOLLOWS_FROM = frozenset({"collected", "filed"})
PLACED = frozenset({Level.COMMUNITY, Level.GRID, Level.MICRO})
MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%z"]


class CollectForm(PlaceForm, CategoryForm):
    """A whistle order (吹哨单). Why the street cannot do it is required; cases it comes from are named by number."""

    type = forms.ChoiceField(label=_("哨型"))
    source = forms.ChoiceField(label=_("哨源"))
    title = forms.CharField(label=_("问题名称"), max_length=60)
    category = CategoryField(required=False, label=_("事项类别"))
    description = words(_("问题描述"), 1000)
    reason = words(_("为什么本级办不了"), 300, rows=2)
    tried = words(_("已采取的措施"), 300, required=False, rows=2)
    basis = forms.CharField(label=_("诉求依据"), max_length=200, required=False)
    cases = forms.CharField(
        label=_("关联案件编号"), max_length=400, required=False, help_text=_("几件之间用逗号或空格隔开")
    )
    suggested = forms.ModelChoiceField(Unit.objects.filter(active=True), label=_("建议牵头单位"), required=False)
    meet_at = forms.DateTimeField(
        label=_("期望到场时间"), required=False, input_formats=MOMENTS,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    people = forms.IntegerField(label=_("涉及人数"), min_value=0, max_value=10_000_000, required=False)
    consulted = words(_("派前电话会商"), 300, required=False, rows=2)
    photos = photos()
    unrecorded = ("description", "lon", "lat", "place", "consulted")

    def prepare(self) -> None:
        """Offer the types that this post may blow, and the sources."""
        kind, source = self.fields["type"], self.fields["source"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101 - declared above
        assert isinstance(source, forms.ChoiceField)  # noqa: S101 - declared above
        types = [(t.code, t.name) for t in self.blowable()]
        # With several to choose from none is chosen beforehand: a 重点哨 makes leaders come.
        kind.choices = types if len(types) == 1 else [("", _("请选择")), *types]
        source.choices = [(s.code, s.name) for s in policy.get(Sources).sources]
        self.fields["reason"].error_messages["required"] = _("请写明为什么本级办不了；能办的请直接派遣，不吹哨。")
        if not self.is_bound and self.initial.get("cases"):
            self._begin_with(str(self.initial["cases"]))

    def _begin_with(self, number: str) -> None:
        """Begin with what the case says already: nobody types anything twice."""
        try:
            matter = access_matter(self.actor, number)
        except NotHere:
            return
        if not hasattr(matter, "case"):
            return
        case = matter.case
        known = {
            "title": matter.title[:60], "category": matter.category, "source": matter.source, "area": matter.area_code,
            "description": case.description, "place": case.place, "lon": case.lon, "lat": case.lat,
        }  # fmt: skip
        for name, value in known.items():
            self.initial.setdefault(name, value)

    def blowable(self) -> list[WhistleType]:
        """Return the types of the set in use that the actor's duties may blow."""
        mine = duties_of(self.actor)
        return [t for t in policy.get(WhistleSets).chosen.types if mine & set(t.initiators)]

    def clean_cases(self) -> list[Matter]:
        """Return the cases it is blown from: visible to the actor, open, and not given to a unit yet."""
        written = re.split(r"[\s,，、;；]+", self.cleaned_data["cases"])
        return [self._case(number) for number in dict.fromkeys(written) if number]

    def _case(self, number: str) -> Matter:
        try:
            case = access_matter(self.actor, number)
        except NotHere as error:
            raise forms.ValidationError(_("找不到案件 %(number)s。"), params={"number": number}) from error
        if not hasattr(case, "case") or case.stage not in FOLLOWS_FROM:
            raise forms.ValidationError(
                _("%(number)s 不能随哨件办理：只有还没派遣的在办案件可以。"), params={"number": number}
            )
        return case

    def clean(self) -> dict[str, Any]:
        """Ask for a community as the place: it is the one that judges the whole."""
        data = super().clean()
        node = data.get("node")
        if node is not None and Level(node.level) not in PLACED:
            self.add_error("area", _("请选到社区：整件哨由受影响的社区评价。"))
        elif node is not None and not self.actor.covers(node.code):
            self.add_error("area", _("这里不在您的辖区内。"))
        return data


class AmendForm(ActionForm):
    """What was missing."""

    reason = words(_("为什么本级办不了"), 300, rows=2)
    tried = words(_("已采取的措施"), 300, required=False, rows=2)
    basis = forms.CharField(label=_("诉求依据"), max_length=200, required=False)

    def prepare(self) -> None:
        """Begin with what stands there."""
        if self.matter is not None:
            whistle = self.matter.whistle
            for name in ("reason", "tried", "basis"):
                self.initial.setdefault(name, getattr(whistle, name))


class BlowForm(ActionForm):
    """Nothing to fill in; only who may blow this type can send it."""

    def clean(self) -> dict[str, Any]:
        """Refuse a post that the type does not name."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.matter is not None:
            kind = type_of(self.matter, self.matter.whistle.type)
            if not duties_of(self.actor) & set(kind.initiators):
                names = "、".join(policy.duty_title(duty) for duty in kind.initiators)
                raise forms.ValidationError(
                    _("“%(type)s”由有“%(duties)s”职责的岗位吹。"), params={"type": kind.name, "duties": names}
                )
        return data


class CompleteForm(ActionForm):
    """What is missing before it can be dispatched (退回补正)."""

    reason = words(_("缺什么、怎么补"), 300)


class TurnDownForm(ActionForm):
    """Why it is no whistle; counted on the blower's side."""

    reason = words(_("为什么不属吹哨"), 300)


class RiseForm(ActionForm):
    """Beyond the units of this level: why, and which whistle it becomes."""

    type = forms.ChoiceField(label=_("上升为"))
    reason = words(_("为什么要上升"), 300)

    def prepare(self) -> None:
        """Offer the types of the next level."""
        field = self.fields["type"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        if self.matter is not None:
            field.choices = [(t.code, t.name) for t in types_above(self.matter)]


def types_above(matter: Matter) -> tuple[WhistleType, ...]:
    """Return the types to which a whistle may rise; none from the top."""
    chosen = policy.pinned(matter.pins, WhistleSets).chosen
    above = chosen.above(matter.whistle.level)
    return chosen.at(above) if above else ()
