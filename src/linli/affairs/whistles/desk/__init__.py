"""What the desk shows of whistles; found by the desk by itself."""

from linli.affairs.whistles.desk import doors, panels, saying

__all__ = ["doors", "panels", "saying"]
