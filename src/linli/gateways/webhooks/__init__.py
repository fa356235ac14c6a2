"""Other systems are told of what happens to matters, as signed webhooks."""
