"""Units, posts, holders, duty rosters, accounts; who acts.

Doors: :mod:`actors` (who acts), :mod:`selectors` (reads), :mod:`services` (writes), :mod:`session`.
"""
