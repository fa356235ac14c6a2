"""The forms of duty rosters, posts, leave and links; what they ask is what the services need."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock, people, policy
from linli.kernel.errors import UserError
from linli.kernel.people.models import Person
from linli.kernel.policy.shapes.duties import Duties
from linli.kernel.posts.models import DutyShift, Holding, Post, Unit

if TYPE_CHECKING:
    _People = forms.ModelChoiceField[Person]
else:
    _People = forms.ModelChoiceField  # not generic when it runs

MOMENT = "%Y-%m-%dT%H:%M"


def moment_field(label: Any, **options: Any) -> forms.DateTimeField:
    """Return a field for a moment in China's time."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[MOMENT, "%Y-%m-%d %H:%M"], **options)


def local(value: datetime) -> str:
    """Return a moment as the control of :func:`moment_field` takes it."""
    return clock.local(value).strftime(MOMENT)


class PersonField(_People):
    """Somebody of a unit, by name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Person.objects.none(), **options)

    def label_from_instance(self, obj: Person) -> str:
        """Return the name."""
        return obj.name


def colleagues(unit: Unit) -> Any:
    """Return who holds a post of ``unit`` now or was ever on its roster."""
    held = Holding.objects.filter(post__unit=unit, valid_to=None).values("person")
    served = DutyShift.objects.filter(unit=unit).values("person")
    return Person.objects.filter(pk__in=held.union(served)).order_by("pinyin")


class ShiftForm(forms.Form):
    """One line of the roster."""

    person = PersonField(label=_("谁值班"))
    post = forms.ModelChoiceField(
        Post.objects.none(),
        label=_("以哪个岗位值班"),
        required=False,
        help_text=_("选了岗位，当班期间由值班人以这个岗位办理"),
    )
    kind = forms.ChoiceField(label=_("班次"), choices=DutyShift.Kind.choices)
    starts_at = moment_field(_("上班"))
    ends_at = moment_field(_("下班"))
    phone = forms.CharField(label=_("值班电话"), max_length=20, required=False)

    def __init__(self, *args: Any, unit: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        who, post = self.fields["person"], self.fields["post"]
        assert isinstance(who, PersonField)  # noqa: S101 - declared above
        assert isinstance(post, forms.ModelChoiceField)  # noqa: S101 - declared above
        who.queryset = colleagues(unit)
        post.queryset = Post.objects.filter(unit=unit, active=True)
        post.label_from_instance = lambda obj: obj.title  # type: ignore[method-assign] # Django's own way to label


class NoteForm(forms.Form):
    """A note for the next shift, or its answer."""

    note = forms.CharField(
        label=_("说明"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("答应过居民什么、正在等谁、要盯住什么"),
    )


class LeaveForm(forms.Form):
    """From when until when somebody is away; why is nobody's business here."""

    starts_at = moment_field(_("从"))
    ends_at = moment_field(_("到"))


class AppointForm(forms.Form):
    """Who holds a post from now on: found by a phone number, or added by name."""

    name = forms.CharField(label=_("姓名"), max_length=25)
    phone = forms.CharField(label=_("手机号"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    part = forms.ChoiceField(label=_("任A岗还是B岗"), choices=Holding.Part.choices)

    def person(self) -> Person:
        """Return the person meant, made when the number is new. Raises :class:`UserError` for a wrong number."""
        return people.ensure_by_phone(self.cleaned_data["phone"], self.cleaned_data["name"])

    def clean_phone(self) -> str:
        """Refuse what is no telephone number."""
        from linli.kernel.people import phones

        try:
            return phones.normalise(self.cleaned_data["phone"])
        except UserError as error:
            raise forms.ValidationError(str(error.message)) from error


class PostForm(forms.Form):
    """A new post of a unit."""

    kind = forms.ChoiceField(label=_("岗位类型"))
    title = forms.CharField(label=_("岗位名称"), max_length=60)
    phone = forms.CharField(label=_("工作电话"), max_length=20, required=False)

    def __init__(self, *args: Any, unit: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = policy.get(Duties).post_kinds
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(code, k.title) for code, k in kinds.items() if k.unit == unit.kind]


class RenameForm(forms.Form):
    """Another name for a unit, from now on."""

    name = forms.CharField(label=_("新名称"), max_length=60)
    short_name = forms.CharField(label=_("简称"), max_length=20, required=False)


class MergeForm(forms.Form):
    """Which unit stands in the place of one that ceases, and by which document."""

    into = forms.ModelChoiceField(Unit.objects.none(), label=_("并入哪个单位"), empty_label=_("请选择"))
    basis = forms.CharField(
        label=_("依据"), max_length=100, help_text=_("机构改革方案、编办批复等的文号或名称；转走的每件事都会记下")
    )

    def __init__(self, *args: Any, unit: Unit, others: Iterable[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["into"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = Unit.objects.filter(pk__in=[other.pk for other in others]).order_by("kind", "name")
        field.label_from_instance = lambda obj: obj.name  # type: ignore[method-assign] # Django's own way to label
        self.unit = unit


class LinkForm(forms.Form):
    """How long a one-time link may be used."""

    hours = forms.TypedChoiceField(
        label=_("有效期"),
        coerce=int,
        initial=72,
        choices=[(24, _("1 天")), (72, _("3 天")), (168, _("7 天"))],
    )

    def valid(self) -> timedelta:
        """Return the chosen span."""
        return timedelta(hours=self.cleaned_data["hours"])
