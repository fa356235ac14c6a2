"""What the desk shows of the registry; found by the desk by itself."""

from linli.affairs.registry.desk import changes, doors, exports, tables

__all__ = ["changes", "doors", "exports", "tables"]
