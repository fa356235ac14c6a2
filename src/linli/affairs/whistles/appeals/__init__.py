"""A unit's appeal against its score: one for each whistle, decided above who graded."""
