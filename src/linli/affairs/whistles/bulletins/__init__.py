"""The monthly publication (一月一公示): drawn up, looked at by a second person, public as it was released."""
