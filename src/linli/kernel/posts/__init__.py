"""Units, posts, holders, duty rosters, accounts; who acts."""
