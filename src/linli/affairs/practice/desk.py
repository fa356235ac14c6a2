"""The door to the exercises; it is there in a practice ground only."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from linli.surfaces.parts import registry as parts


def _visible(request: HttpRequest) -> bool:  # noqa: ARG001 - the registry's signature
    return bool(settings.LINLI_PRACTICE)


parts.register_nav(
    "desk",
    parts.NavItem(
        key="practice", label=gettext_lazy("练习"), url_name="practice:index", icon="lightbulb", order=1,
        also=("practice:show",), visible=_visible,
    ),
)  # fmt: skip
