"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "linli.kernel.posts"
    label = "posts"
    verbose_name = "岗位"
