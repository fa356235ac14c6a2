"""What happens when web, worker or database are killed at any moment."""
