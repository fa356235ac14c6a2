"""What every affair stands on; it knows no affair. A room imports only rooms listed above it in pyproject."""
