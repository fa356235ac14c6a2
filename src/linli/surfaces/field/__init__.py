"""The grid worker's phone."""
