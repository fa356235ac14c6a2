"""Replies to deputies' suggestions and members' proposals (建议提案办理), from registration to the published letter."""
