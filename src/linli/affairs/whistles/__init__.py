"""Whistles: a problem that whoever found it cannot solve, and the units that are called and report in (吹哨报到)."""
