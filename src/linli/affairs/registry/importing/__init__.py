"""Files that communities really have: read, mapped, looked through, compared, applied and undone as a whole."""
