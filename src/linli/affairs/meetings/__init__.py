"""Regular meetings (例会): an agenda out of open matters, attendance, minutes, and decisions that are followed up."""
