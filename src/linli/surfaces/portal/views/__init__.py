"""The portal's pages that belong to no affair."""
