"""How a problem comes in: a resident's phone, a clerk on somebody's behalf, a patrol, another system."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.cases.forms.common import CategoryField, CategoryForm, PlaceForm, photos, words
from linli.affairs.cases.policy import Guidance, Sources
from linli.kernel import policy
from linli.kernel.matters import ActionForm
from linli.kernel.people import phones
from linli.kernel.posts.models import Unit


class PhoneField(forms.CharField):
    """A telephone number, normalised; a wrong one gets a message of its own."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 20)
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}))
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        """Return the number as stored, or ``""``."""
        from linli.kernel.errors import UserError

        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return phones.normalise(text)
        except UserError as error:
            raise forms.ValidationError(str(error.message)) from error


class ProblemForm(PlaceForm, CategoryForm):
    """What every report has: the problem, where, of which kind, photos; nobody's name is in the trail."""

    description = words(_("问题描述"), 1000)
    category = CategoryField(required=False)
    photos = photos()
    unrecorded = ("description", "name", "phone", "caller", "caller_phone", "lon", "lat", "place")

    def clean(self) -> dict[str, Any]:
        """Refuse what is not kept as a case, with the lawful channel, before anything is written."""
        data = super().clean()
        guidance = policy.get(Guidance)
        for code in guidance.alerts_in(data.get("description") or ""):
            alert = guidance.alerts[code]
            if not alert.keep:
                self.add_error("description", alert.tell)
        return data


class ReportForm(ProblemForm):
    """A resident's report: nothing but the problem and the place is required."""

    category = CategoryField(required=False, offered_only=True)
    name = forms.CharField(label=_("怎么称呼您"), max_length=25, required=False)
    phone = PhoneField(label=_("手机号"), required=False, help_text=_("留了手机号，办理进度会发短信告诉您"))
    name_shared = forms.BooleanField(label=_("可以把我的称呼和电话告诉承办单位"), required=False)
    about_unit = forms.ModelChoiceField(
        Unit.objects.filter(active=True), label=_("反映的是哪个单位或它的人"), required=False,
        help_text=_("填了以后，这个单位看不到您的反映，也不由它办理"),
    )  # fmt: skip


class RegisterForm(ProblemForm):
    """On somebody's behalf, by keyboard in a minute: by phone, at the window, from a letter or a pasted message."""

    channel = forms.ChoiceField(label=_("渠道"))
    caller = forms.CharField(label=_("反映人"), max_length=25, required=False)
    caller_phone = PhoneField(label=_("电话"), required=False)
    relation = forms.CharField(
        label=_("代谁反映（关系）"), max_length=20, required=False, help_text=_("为本人反映不填；如：母亲、邻居老人")
    )
    consent = forms.BooleanField(label=_("被代的人知道并同意"), required=False)
    answer_to = forms.ChoiceField(
        label=_("答复给"),
        choices=[("caller", _("反映人")), ("person", _("被代的人"))],
        required=False,
        initial="caller",
    )
    name_shared = forms.BooleanField(label=_("同意把称呼和电话告诉承办单位"), required=False)
    about_unit = forms.ModelChoiceField(
        Unit.objects.filter(active=True), label=_("反映的是哪个单位或它的人"), required=False
    )

    def prepare(self) -> None:
        """Offer the channels that clerks register by."""
        channels = policy.get(Sources).channels
        field = self.fields["channel"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(code, c.title) for code, c in channels.items() if c.desk]

    def clean(self) -> dict[str, Any]:
        """Ask for consent when somebody reports for another."""
        data = super().clean()
        if data.get("relation") and not data.get("consent"):
            self.add_error("consent", _("代别人反映，请先确认本人知道并同意。"))
        return data


class ReplyForm(RegisterForm):
    """A question answered while the caller is still there (当场答复)."""

    answer = words(_("答复内容"), 1000)


class PatrolForm(ProblemForm):
    """A patrol's report: three taps and a photo."""

    category = CategoryField()
    description = words(_("情况"), 500, required=False, rows=2)


class OrderForm(ProblemForm):
    """An order of another system, under its own number and deadline; a second import updates and never doubles."""

    channel = forms.CharField(max_length=24)
    external_system = forms.CharField(max_length=20)
    external_number = forms.CharField(max_length=60)
    external_due = forms.DateTimeField(required=False)
    caller = forms.CharField(max_length=40, required=False)
    caller_phone = PhoneField(required=False)

    def clean_channel(self) -> str:
        """Refuse a channel that policy does not list."""
        channel: str = self.cleaned_data["channel"]
        if channel not in policy.get(Sources).channels:
            raise forms.ValidationError(_("没有这个渠道：%(channel)s") % {"channel": channel})
        return channel


class AmendForm(ActionForm):
    """What the other system changed about its order since it came in: which columns, and the new words and deadline."""

    changed = forms.CharField(label=_("更新的栏目"), max_length=200)
    description = words(_("新的内容"), 1000, required=False)
    external_due = forms.DateTimeField(label=_("新的期限"), required=False)
    unrecorded = ("description",)
