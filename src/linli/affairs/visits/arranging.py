"""The forms by which pairings and rounds are arranged at a desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.registry import selectors as registry
from linli.affairs.visits import selectors
from linli.affairs.visits.models import Round
from linli.affairs.visits.policy import VisitRules
from linli.kernel import policy, posts
from linli.kernel.matters import ActionForm
from linli.kernel.matters.forms import DayInput
from linli.kernel.policy.shapes import Duties
from linli.kernel.posts.models import Post

OFFERED = 300


if TYPE_CHECKING:
    _OfPosts = forms.ModelChoiceField[Post]
else:
    _OfPosts = forms.ModelChoiceField


class PostField(_OfPosts):
    """A post, named with its unit."""

    def label_from_instance(self, obj: Any) -> str:
        """Return unit and title."""
        return f"{obj.unit.name} · {obj.title}"


class PairingForm(ActionForm):
    """Who looks after whom, why, and how often."""

    post = PostField(Post.objects.none(), label=_("由谁结对（岗位）"))
    person = forms.ChoiceField(label=_("与谁结对"), help_text=_("名单里是有照护需要、还没有结对的人"))
    basis = forms.CharField(label=_("结对缘由"), max_length=60)
    every_days = forms.IntegerField(label=_("多久见一次（天）"), min_value=1, max_value=180)
    agreed = forms.BooleanField(label=_("本人或家人同意"), error_messages={"required": _("结对要本人或家人同意。")})

    def prepare(self) -> None:
        """Offer the posts of these areas that visit, and people whose tag asks for visits and whom nobody has."""
        kinds = policy.get(Duties).duties["visitor"].posts
        codes = self.actor.area_codes
        within = [n.id for n in selectors.nodes(codes)]
        field = self.fields["post"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = posts.over(within, kinds).order_by("unit__name", "title")
        people = self.fields["person"]
        assert isinstance(people, forms.ChoiceField)  # noqa: S101 - declared above
        people.choices = [("", _("请选择")), *self._people()]
        if not self.is_bound:
            self.initial.setdefault("every_days", policy.get(VisitRules).pairing_every)

    def _people(self) -> list[tuple[str, Any]]:
        paired = set(selectors.pairings(self.actor).values_list("person_id", flat=True))
        tagged = [row for row in registry.wanted(self.actor, limit=OFFERED) if row.resident_id not in paired]
        titles: dict[UUID, list[str]] = {}
        for row in tagged:
            titles.setdefault(row.resident_id, []).append(row.title)
        lines = registry.lines(self.actor, titles)
        return [(str(key), f"{line.name}（{'、'.join(titles[key])}）{line.address}") for key, line in lines.items()]


class RoundForm(ActionForm):
    """A round: whom, where, what it is called, what for, until when."""

    title = forms.CharField(label=_("遍访名称"), max_length=40, help_text=_("如：汛前遍访"))
    purpose = forms.CharField(label=_("为了什么"), max_length=100)
    whom = forms.ChoiceField(label=_("看谁"), choices=Round.Whom.choices, initial=Round.Whom.HOMES)
    area = forms.CharField(label=_("范围"))
    ends_on = forms.DateField(label=_("到哪天"), widget=DayInput())
