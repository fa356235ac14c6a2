"""The templates of the interface, each with its options and states."""
