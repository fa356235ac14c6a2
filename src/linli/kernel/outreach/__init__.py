"""In-app messages, SMS, webhooks: one outbox."""
