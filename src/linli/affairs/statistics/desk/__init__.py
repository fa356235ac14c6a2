"""What the desk shows of statistics; found by the desk by itself."""

from linli.affairs.statistics.desk import doors, panels

__all__ = ["doors", "panels"]
