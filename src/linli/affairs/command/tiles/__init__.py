"""One module for each tile; each asks the database a fixed number of statements whatever the history."""
