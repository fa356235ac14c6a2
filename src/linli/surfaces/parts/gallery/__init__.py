"""A page that shows each part in all its states; reachable with LINLI_DEBUG and in tests only."""
