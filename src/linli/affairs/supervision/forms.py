"""The forms of supervision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms.common import words
from linli.affairs.supervision.models import Advice, SpotCheck, Team
from linli.affairs.supervision.policy import Checklists
from linli.kernel import areas, policy
from linli.kernel.areas.models import Level
from linli.kernel.matters import ActionForm
from linli.kernel.posts.models import Unit

if TYPE_CHECKING:
    _Teams = forms.ModelChoiceField[Team]
else:
    _Teams = forms.ModelChoiceField

RESULTS = [("ok", _("符合")), ("bad", _("不符合")), ("na", _("不适用"))]
ITEM = "point_"


class ReasonForm(ActionForm):
    """Why."""

    reason = words(_("理由"), 300)


class NoteForm(ActionForm):
    """What was seen, if anything is to be said."""

    note = words(_("复查所见"), 300, required=False)


class PlanForm(ActionForm):
    """A round: what, on whose decision, from when until when, by which checklist."""

    title = forms.CharField(label=_("督查什么"), max_length=80)
    decision = forms.CharField(label=_("依据的决定或部署"), max_length=200)
    checklist = forms.ChoiceField(label=_("清单"))
    since = forms.DateField(label=_("自"))
    until = forms.DateField(label=_("至"))

    def prepare(self) -> None:
        """Offer the district's checklists."""
        lists = policy.get(Checklists).checklists
        self.fields["checklist"].choices = [(code, one.title) for code, one in lists.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", gettext_now("结束日期早于开始日期。"))
        return data


class TeamForm(ActionForm):
    """A team: name, how many officers, which streets."""

    name = forms.CharField(label=_("组名"), max_length=40)
    officers = forms.IntegerField(label=_("人数"), min_value=1, max_value=50)
    areas = forms.MultipleChoiceField(label=_("分片"), widget=forms.CheckboxSelectMultiple)

    def prepare(self) -> None:
        """Offer the streets."""
        streets = areas.tree().of_level(Level.STREET)
        self.fields["areas"].choices = [(node.code, node.name) for node in streets]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """Refuse a second team of the same name."""
        name: str = self.cleaned_data["name"].strip()
        if self.matter is not None and Team.objects.filter(round=self.matter.pk, name=name).exists():
            raise forms.ValidationError(gettext_now("已经有这个组，请换一个名称。"))
        return name


class TeamField(_Teams):
    """A team of the round, by its name."""

    def label_from_instance(self, obj: Team) -> str:
        """Return the team's name."""
        return obj.name


class InTeamForm(ActionForm):
    """Which team, and where: within the streets it answers for."""

    team = TeamField(Team.objects.none(), label=_("督查组"))
    area = forms.CharField(label=_("社区"))

    def prepare(self) -> None:
        """Offer the teams of the round, and the communities of their streets."""
        field = self.fields["team"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        if self.matter is not None:
            field.queryset = Team.objects.filter(round=self.matter.pk).order_by("name")
        nodes = areas.tree().of_level(Level.COMMUNITY)
        self.fields["area"] = forms.ChoiceField(
            label=_("社区"), choices=[(node.code, areas.tree().label(node)) for node in nodes]
        )

    def clean(self) -> dict[str, Any]:
        """Find the area; refuse one outside the team's streets."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        team, code = data.get("team"), data.get("area")
        if team is None or not code:
            return data
        node = areas.tree().by_code(code)
        found = [areas.tree().find_id(area.pk) for area in team.areas.all()]
        if not any(street is not None and areas.contains(street.code, node.code) for street in found):
            self.add_error("area", gettext_now("这个社区不在该组的分片里，请换一个组或社区。"))
        data["node"] = node
        return data

    def recorded(self) -> dict[str, Any]:
        """Return the cleaned data with the area by its code."""
        kept = super().recorded()
        kept.pop("node", None)
        return kept


class CheckForm(InTeamForm):
    """One spot check: on site or by telephone, and what each point of the checklist came to."""

    way = forms.ChoiceField(label=_("方式"), choices=SpotCheck.Way.choices)
    note = words(_("说明（不写居民姓名电话）"), 300, required=False)

    def prepare(self) -> None:
        """Ask for each point of the round's checklist."""
        super().prepare()
        if self.matter is None:
            return
        chosen = policy.pinned(self.matter.pins, Checklists).checklists[self.matter.supervision_round.checklist]
        for point in chosen.points:
            self.fields[ITEM + point.code] = forms.ChoiceField(label=point.title, choices=RESULTS, initial="ok")


class FindForm(InTeamForm):
    """A problem: whose it is, what must be mended."""

    unit = forms.ModelChoiceField(Unit.objects.filter(active=True).order_by("name"), label=_("责任单位"))
    what = words(_("问题"), 300)
    must = words(_("整改要求"), 300)


class AdviseForm(InTeamForm):
    """A piece of advice, for whom."""

    unit = forms.ModelChoiceField(Unit.objects.filter(active=True).order_by("name"), label=_("给哪个单位"))
    what = words(_("建议"), 300)


class MendForm(ActionForm):
    """What was done about a problem."""

    done = words(_("整改情况"), 500)


class AnswerForm(ActionForm):
    """Whether advice is followed, and how."""

    answer = forms.ChoiceField(label=_("答复"), choices=Advice.Answer.choices)
    words = words(_("怎样做，或为什么不采纳"), 500)


class SummaryForm(ActionForm):
    """What the round came to."""

    summary = words(_("督查小结"), 1000)
