"""The practice ground (练习库): guided exercises for each kind of post, which see for themselves what is done."""
