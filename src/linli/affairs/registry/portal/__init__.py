"""What residents see of the registry: what is held about them, who looked, what they may put right or delete."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _

from linli.affairs.registry.portal import mine
from linli.surfaces.parts.registry import NavItem, register_nav
from linli.surfaces.portal import registry

registry.mount(path("mine/registry/", mine.show, name="registry"))
register_nav(
    "portal", NavItem(key="registry", label=_("登记簿里的我"), url_name="portal:registry", icon="id-card", order=60)
)
