"""Continuous backup: base backups, full or incremental, and every piece of write-ahead log since, each file sealed.

PostgreSQL copies each finished piece of its log into a spool; the worker seals it into the archive within a minute. A
base and the log after it bring back any moment (:mod:`linli.cli.archiving.laying`).
"""
