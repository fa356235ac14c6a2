"""The stories of the demo: what may become of a case, each lived through the affairs' own services."""
