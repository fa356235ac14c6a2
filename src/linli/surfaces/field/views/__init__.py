"""The field's pages that belong to no affair."""
