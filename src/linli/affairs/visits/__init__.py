"""Visits (走访、遍访、结对): whom to see next and why, and what came of it. Nothing counts them."""
