"""What staff see of the honor market: the counter on a phone, the shelf, lists, panels."""

from linli.affairs.honor.desk import doors, panels

_loaded = (doors, panels)
