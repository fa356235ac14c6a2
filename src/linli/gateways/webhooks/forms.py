"""The form of a new subscription."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.gateways.webhooks import events


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of matter to choose from, by name."""
    return sorted(((p.kind, str(p.title)) for p in events.processes()), key=lambda pair: pair[1])


def moments() -> list[tuple[str, str]]:
    """Return the moments to choose from."""
    return [(moment, str(title)) for moment, title in events.MOMENTS.items()]


class SubscribeForm(forms.Form):
    """Who is told of what."""

    name = forms.CharField(
        label=_("推送给哪个系统"), max_length=60, help_text=_("写一个大家认得的名称，如“数字城管平台”。")
    )
    url = forms.CharField(
        label=_("接收地址"), max_length=300, help_text=_("由对方系统提供，以 https:// 开头。"),
        widget=forms.URLInput(attrs={"placeholder": "https://", "inputmode": "url", "autocomplete": "off"}),
    )  # fmt: skip
    moments = forms.MultipleChoiceField(
        label=_("什么时候推送"), choices=moments, initial=["began", "ended"], widget=forms.CheckboxSelectMultiple
    )
    kinds = forms.MultipleChoiceField(label=_("哪些事项"), choices=kinds, widget=forms.CheckboxSelectMultiple)

    def names(self) -> list[str]:
        """Return the names of the events that were chosen."""
        chosen = self.cleaned_data
        return [events.name_of(kind, moment) for kind in chosen["kinds"] for moment in chosen["moments"]]
