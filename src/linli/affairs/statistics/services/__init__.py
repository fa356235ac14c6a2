"""Writes of statistics: counting the shares of whistles, publishing, drawing for a second look, rising topics."""

from linli.affairs.statistics.services import drawing, publishing, rising, shares, topics

__all__ = ["drawing", "publishing", "rising", "shares", "topics"]
