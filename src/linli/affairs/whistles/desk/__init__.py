"""What the desk shows of whistles; found by the desk by itself."""

from linli.affairs.whistles.desk import doors, panels, published, saying

__all__ = ["doors", "panels", "published", "saying"]
