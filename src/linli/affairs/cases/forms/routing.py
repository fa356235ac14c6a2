"""From a report to the unit that acts: looked at, filed, merged, raised, sent down, dispatched."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms.common import CategoryField, CategoryForm, photos, words
from linli.affairs.cases.policy import Exclusions
from linli.affairs.objections.choosing import LeadForm, OneMoreForm
from linli.affairs.objections.registers import Proposal
from linli.kernel import areas, policy
from linli.kernel.areas.models import Level
from linli.kernel.matters import ActionForm
from linli.kernel.matters.models import Matter, Relation
from linli.kernel.posts.models import Unit


class CheckForm(ActionForm):
    """What somebody saw on the spot."""

    checked = forms.ChoiceField(
        label=_("现场情况"), choices=[("real", _("属实")), ("gone", _("已消失")), ("unfounded", _("不属实"))]
    )
    note = words(_("说明"), 300, required=False, rows=2)
    photos = photos()


class FileForm(CategoryForm):
    """The category decides limits and units; the place was given with the report."""

    category = CategoryField(help_text=_("类别决定时限和承办单位"))
    title = forms.CharField(label=_("标题"), max_length=60, required=False)

    def prepare(self) -> None:
        """Begin with what the reporter or the guess said."""
        if self.matter is not None:
            self.initial.setdefault("category", self.matter.category)
            self.initial.setdefault("title", self.matter.title)


class RefuseForm(ActionForm):
    """Why a report does not become a case; a second person agrees, and the reporter reads the reason."""

    reason = words(_("不立案的理由（反映人会看到）"), 300)
    basis = forms.CharField(label=_("依据"), max_length=200)


class RedirectForm(ActionForm):
    """Which lawful channel it belongs to; the words told to the reporter come from policy."""

    code = forms.ChoiceField(label=_("应走的渠道"))
    note = words(_("补充告知"), 300, required=False, rows=2)

    def prepare(self) -> None:
        """Offer the reasons policy lists."""
        field = self.fields["code"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(r.code, r.title) for r in policy.get(Exclusions).reasons if r.excludes]


class AnswerForm(ActionForm):
    """An answer that ends a question without dispatch."""

    answer = words(_("答复内容"), 1000)


class MergeForm(ActionForm):
    """The same thing (重复) or the same cause (同因): each reporter keeps an own clock and verdict."""

    parent = forms.CharField(label=_("主件编号"), max_length=32)
    kind = forms.ChoiceField(
        label=_("关系"),
        choices=[(Relation.Kind.DUPLICATE, _("同一件事")), (Relation.Kind.CAUSE, _("同一原因"))],
    )

    def clean_parent(self) -> Matter:
        """Return the main case: visible to the actor, open, of the same kind, and not following another itself."""
        from linli.kernel.errors import NotHere
        from linli.kernel.matters.selectors import access_matter

        try:
            parent = access_matter(self.actor, self.cleaned_data["parent"].strip())
        except NotHere as error:
            raise forms.ValidationError(str(error.message)) from error
        if self.matter is not None and (parent.pk == self.matter.pk or parent.kind != self.matter.kind):
            raise forms.ValidationError(_("请填另一件案件的编号。"))
        if not parent.is_open or parent.stage == "following":
            raise forms.ValidationError(
                _("%(number)s 不能作主件：已办结，或本身随另一件办理。") % {"number": parent.number}
            )
        return parent


class UnmergeForm(ActionForm):
    """Why two cases are not the same after all."""

    reason = words(_("拆分理由"), 200, rows=2)


class RaiseForm(ActionForm):
    """Not mine to solve: why, and what was done already (向上请办)."""

    reason = words(_("为什么本级办不了"), 300)
    done = words(_("已采取的措施"), 300, required=False, rows=2)


class SendDownForm(ActionForm):
    """To which street or community below (向下派遣)."""

    area = forms.ChoiceField(label=_("派给"))
    note = words(_("意见"), 300, required=False, rows=2)

    def prepare(self) -> None:
        """Offer what lies below the holder on the way to the case's place, nearest first."""
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(n.code, n.name) for n in self.below()]

    def below(self) -> list[areas.Node]:
        """Return the street and community of the case that lie below whoever holds it."""
        if self.matter is None:
            return []
        tree = areas.tree()
        node = tree.by_id(self.matter.area_id)
        path = [node, *tree.ancestors(node)]
        held = self.matter.held_area_id
        under = [n for n in path if n.level in (Level.STREET, Level.COMMUNITY)]
        stop = next((i for i, n in enumerate(path) if n.id == held), len(path))
        return [n for n in under if path.index(n) < stop]


class DispatchForm(LeadForm):
    """Who leads (牵头负全责), who assists (协办为必办), within which limit."""

    lead = forms.ModelChoiceField(Unit.objects.none(), label=_("主办单位"))
    assistants = forms.ModelMultipleChoiceField(Unit.objects.none(), label=_("协办单位"), required=False)
    note = words(_("派遣意见"), 300, required=False, rows=2)
    task_kind = "task"

    def proposed(self, matter: Matter) -> list[Proposal]:
        """Return whom rulings, duty lists or the category's table name for this place."""
        from linli.affairs.cases.selectors import proposed_units

        return proposed_units(matter)


class AddUnitForm(OneMoreForm):
    """One more assisting unit."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("协办单位"))
    note = words(_("意见"), 300, required=False, rows=2)
    task_kind = "task"
