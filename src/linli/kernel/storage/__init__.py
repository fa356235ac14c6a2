"""Partitions, append-only tables, grants, and writes that go together."""
