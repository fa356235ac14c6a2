"""A day in the life of a district, lived sixty times as fast over HTTP (``make day``)."""
