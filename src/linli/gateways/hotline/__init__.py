"""Orders of other systems (12345 and the like): in by xlsx and API, replies out in that system's own layout."""
