"""Django's PostgreSQL backend (``ENGINE``), with statements that the server keeps ready."""
