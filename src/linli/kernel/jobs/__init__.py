"""The one door to background work; events and gates."""
