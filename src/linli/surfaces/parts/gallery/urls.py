"""Addresses of the gallery; included below ``/parts/``."""

from __future__ import annotations

from django.urls import path

from linli.surfaces.parts import registry
from linli.surfaces.parts.gallery import views

app_name = "gallery"
urlpatterns = [
    path("", views.parts, name="parts"),
    path("forms/", views.forms, name="forms"),
    path("desk/", views.desk, name="desk"),
    path("matter/", views.matter, name="matter"),
    path("field/", views.field, name="field"),
    path("portal/", views.portal, name="portal"),
    path("wall/", views.wall, name="wall"),
]


def _here(request: object) -> bool:
    return getattr(getattr(request, "resolver_match", None), "namespace", "") == "gallery"


for order, (shell, name, word, icon, count) in enumerate(
    [
        ("desk", "desk", "待办", "inbox", 12),
        ("desk", "matter", "案件", "clipboard-list", None),
        ("desk", "parts", "登记簿", "book-open", None),
        ("field", "field", "今日", "sun", 4),
        ("field", "forms", "上报", "camera", None),
        ("field", "parts", "我的", "circle-user", None),
    ]
):
    registry.register_nav(
        shell,  # type: ignore[arg-type] # the literals above are shells
        registry.NavItem(
            key=f"gallery-{name}",
            label=word,
            url_name=f"gallery:{name}",
            icon=icon,
            order=900 + order,
            count=None if count is None else (lambda _request, n=count: n),  # type: ignore[misc] # bound default
            visible=_here,
        ),
    )
