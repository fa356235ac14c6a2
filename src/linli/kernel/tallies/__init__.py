"""Statistics kept as events happen."""
