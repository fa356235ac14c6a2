"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class GriddingConfig(AppConfig):
    """Drafts of a community's grids."""

    name = "linli.affairs.gridding"
    label = "gridding"
    verbose_name = "划分网格"

    def ready(self) -> None:
        """Let approved drafts be carried out, and buildings follow when the day comes."""
        from linli.affairs.gridding import applying

        applying.connect()
