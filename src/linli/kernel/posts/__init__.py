"""Units, posts, holders, duty rosters, accounts; who acts.

Doors: :mod:`actors` (who acts), :mod:`selectors` (reads), :mod:`services` (writes), :mod:`session` (the
post chosen in a session), :mod:`events` (what is told, and asked of rooms below).
"""
