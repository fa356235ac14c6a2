"""Linli (邻里): one platform for a district's grassroots governance."""

__version__ = "0.1.0"
