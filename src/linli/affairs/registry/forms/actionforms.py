"""What the actions of a table ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.affairs.registry.policy import FormSpecs
from linli.kernel import areas, policy
from linli.kernel.areas.models import Level
from linli.kernel.matters import ActionForm


def tables() -> list[tuple[str, Any]]:
    """Return the tables of policy: bureau and title."""
    return [(f.code, f"{f.bureau} · {f.title}") for f in policy.get(FormSpecs).forms]


class AskForm(ActionForm):
    """Which table, where, what for."""

    form = forms.ChoiceField(label=_("哪张表"), choices=tables)
    area = forms.ChoiceField(label=_("范围"))
    why = forms.CharField(label=_("用途"), max_length=200, help_text=_("写明用在哪里；填表的人和居民看得到。"))

    def prepare(self) -> None:
        """Offer the district, streets and communities within the actor's areas."""
        tree = areas.tree()
        levels = {Level.DISTRICT, Level.STREET, Level.COMMUNITY}
        self.fields["area"].choices = [  # type: ignore[attr-defined] # a ChoiceField
            (n.code, tree.label(n) if n.level != Level.DISTRICT else n.name)
            for n in tree
            if n.level in levels and self.actor.covers(n.code)
        ]


class RestForm(ActionForm):
    """Why the rest could not be asked."""

    unasked = forms.CharField(label=_("没有问到的原因"), max_length=200)
