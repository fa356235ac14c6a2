"""Writes of statistics: counting the shares of whistles, publishing, drawing for a second look, rising topics."""

from linli.affairs.statistics.services import shares

__all__ = ["shares"]
