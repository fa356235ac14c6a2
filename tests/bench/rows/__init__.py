"""The lines of the table, by what they measure: writes, reads, photos, processes."""
