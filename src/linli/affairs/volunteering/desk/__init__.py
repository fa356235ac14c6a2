"""What staff see of volunteering: publishing, the roster on the spot, confirming many at once, looking again."""

from linli.affairs.volunteering.desk import doors, panels

_loaded = (doors, panels)
