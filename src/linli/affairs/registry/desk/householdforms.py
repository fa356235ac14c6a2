"""The forms behind the buttons of a household's card."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from linli.affairs.registry import selectors
from linli.affairs.registry.desk import picking
from linli.affairs.registry.desk.actforms import DAY
from linli.kernel import clock
from linli.kernel.people.models import Membership
from linli.kernel.posts.actors import Actor

RELATIONS = [(code, title) for code, title in Membership.Relation.choices if code != Membership.Relation.HEAD]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DAY, initial=clock.today)


class _OfCard(forms.Form):
    """A form that knows the household."""

    def __init__(self, *args: Any, actor: Actor, card: selectors.HouseholdCard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.card = actor, card
        self.people = picking.options(actor, [m.person_id for m in card.members])
        for name in ("who", "members", "head"):
            if name in self.fields:
                self.fields[name].choices = self.listed(name)  # type: ignore[attr-defined] # choice fields

    def listed(self, name: str) -> list[tuple[str, str]]:
        """Return the members to choose from: the head is not among those who may be made one or split off."""
        del name
        head = self.card.head
        return [(key, label) for key, label in self.people if head is None or key != str(head.person_id)]


class JoinForm(_OfCard):
    """Somebody more."""

    who = forms.ChoiceField(label=_("住在这里、还没有户的人"), required=False)
    other = forms.CharField(
        label=_("或者：别处的人"), max_length=40, required=False, help_text=_("填手机号、证件号或姓名。")
    )
    relation = forms.ChoiceField(label=_("与户主关系"), choices=RELATIONS)
    on = _day(_("哪天起"))

    def listed(self, name: str) -> list[tuple[str, str]]:
        """Return who lives in the household's houses and belongs to none."""
        del name
        free = selectors.without_household([home.house for home in self.card.homes])
        return [("", _now("不在这里面")), *picking.options(self.actor, free)]

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        data = super().clean() or {}
        if not data.get("who") and not data.get("other", "").strip():
            self.add_error("other", _now("请选一个人，或填手机号、证件号、姓名。"))
        return data


class LeaveForm(_OfCard):
    """Somebody less."""

    who = forms.ChoiceField(label=_("谁离开这一户"))
    on = _day(_("哪天起"))

    def listed(self, name: str) -> list[tuple[str, str]]:
        """Return all members: a head may leave when nobody else is left."""
        del name
        return self.people


class HeadForm(_OfCard):
    """Another head, which a second person agrees to."""

    who = forms.ChoiceField(label=_("改由谁当户主"))
    evidence = forms.CharField(label=_("看过什么凭据"), max_length=100, help_text=_("例如：户口簿变更页"))


class SplitForm(_OfCard):
    """Members who are a household of their own."""

    members = forms.MultipleChoiceField(label=_("谁分出去"), widget=forms.CheckboxSelectMultiple)
    head = forms.ChoiceField(label=_("新户的户主"))
    address = forms.CharField(label=_("新户住哪里"), max_length=160, help_text=_("可以还是原来的地址。"))
    number = forms.CharField(label=_("新户的户号"), max_length=30, required=False)
    on = _day(_("哪天起"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.card.homes:
            self.fields["address"].initial = self.card.homes[0].house.label


class AbsorbForm(_OfCard):
    """The household that this one is to become part of."""

    into = forms.ChoiceField(label=_("并入哪一户"))
    evidence = forms.CharField(label=_("看过什么凭据"), max_length=100, help_text=_("例如：户口簿、双方户主签字"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            (str(home.pk), " ".join(filter(None, [name, number, home.address])))
            for home, name, number in selectors.neighbours(self.card.household)
        ]


class HomesForm(_OfCard):
    """The houses of a household."""

    kept = forms.MultipleChoiceField(label=_("仍是这一户的"), widget=forms.CheckboxSelectMultiple, required=False)
    more = forms.CharField(
        label=_("再加一处"), max_length=160, required=False, help_text=_("已登记的地址，例如：水塘村 李建国家")
    )
    on = _day(_("哪天起"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        homes = [(str(home.house_id), home.house.label) for home in self.card.homes]
        self.fields["kept"].choices = homes  # type: ignore[attr-defined] # a choice field
        self.fields["kept"].initial = [key for key, _label in homes]


class NewForm(forms.Form):
    """A household of people who live in one house."""

    members = forms.MultipleChoiceField(label=_("这一户有谁"), widget=forms.CheckboxSelectMultiple)
    head = forms.ChoiceField(label=_("户主"))
    number = forms.CharField(label=_("户号"), max_length=30, required=False)
    on = _day(_("哪天起"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("members", "head"):
            self.fields[name].choices = choices  # type: ignore[attr-defined] # choice fields
