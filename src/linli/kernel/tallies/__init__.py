"""Statistics kept as events happen (docs/adr: figures from deltas)."""
