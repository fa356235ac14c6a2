"""Photos and files: re-encoded, stripped, hashed."""
