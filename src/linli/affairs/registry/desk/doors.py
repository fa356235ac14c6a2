"""The registry's doors on the desk."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from linli.affairs.registry.models import Twins
from linli.affairs.registry.selectors import areas_of
from linli.kernel.matters.rules import duties_of
from linli.kernel.posts import session
from linli.surfaces.desk.registry import Finder, add_finder
from linli.surfaces.parts.registry import NavItem, register_nav

GROUP = _("登记簿")
add_finder(
    Finder(key="registry", title=_("在登记簿里找人、房、组织"), url_name="registry:find", icon="users",
           duty="registry_reader")
)  # fmt: skip


def _with(duty: str) -> Callable[[HttpRequest], bool]:
    return lambda request: duty in duties_of(session.actor(request))


def open_twins(request: HttpRequest) -> int:
    """Return how many pairs wait for a judgement within reach."""
    within = areas_of(session.actor(request))
    found = Twins.objects.filter(state=Twins.State.OPEN)
    return (found if within is None else found.filter(first__area__in=within)).count()


register_nav("desk", NavItem(
    key="registry", label=_("人、房、组织"), url_name="registry:find", icon="users", order=41, group=GROUP,
    visible=_with("registry_reader"), shortcut="p",
    also=("registry:resident", "registry:house", "registry:organisation", "registry:act", "registry:new",
          "registry:household", "registry:household-act", "registry:household-new", "registry:house-act",
          "registry:vault", "registry:vault-keep", "registry:map", "registry:new-house", "registry:new-organisation"),
))  # fmt: skip
register_nav("desk", NavItem(
    key="registry-imports", label=_("导入导出"), url_name="registry:imports", icon="upload", order=41, group=GROUP,
    visible=_with("registry_importer"), also=("registry:batch", "registry:exports"),
))  # fmt: skip
register_nav("desk", NavItem(
    key="registry-twins", label=_("疑似重复"), url_name="registry:twins", icon="git-merge", order=41, group=GROUP,
    visible=_with("registry_checker"), count=open_twins,
))  # fmt: skip
register_nav("desk", NavItem(
    key="registry-analysis", label=_("社区分析"), url_name="registry:analysis", icon="chart-column", order=41,
    group=GROUP, visible=_with("registry_analyst"),
))  # fmt: skip
register_nav("desk", NavItem(
    key="registry-lookups", label=_("异常查找"), url_name="registry:lookups", icon="eye", order=91, group=_("管理"),
    visible=_with("auditor"),
))  # fmt: skip
register_nav("desk", NavItem(
    key="registry-tables", label=_("一表通"), url_name="registry:tables", icon="file-text", order=41, group=GROUP,
    visible=lambda request: bool({"form_asker", "form_filler"} & duties_of(session.actor(request))),
    also=("registry:fill",),
))  # fmt: skip
register_nav("desk", NavItem(
    key="registry-impact", label=_("影响评估"), url_name="registry:impact", icon="shield", order=92, group=_("管理"),
    visible=lambda request: bool({"policy_editor", "auditor"} & duties_of(session.actor(request))),
))  # fmt: skip
