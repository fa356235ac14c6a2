"""What the desk shows of supervision; found by the desk by itself."""

from linli.affairs.supervision.desk import doors, panels

__all__ = ["doors", "panels"]
