"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class CommandTilesConfig(AppConfig):
    """The tiles of the command centre; it keeps nothing of its own."""

    name = "linli.affairs.command"
    label = "command_tiles"
    verbose_name = "指挥中心面板"
