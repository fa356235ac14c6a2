"""The editable work calendar, and the arithmetic of working time."""
