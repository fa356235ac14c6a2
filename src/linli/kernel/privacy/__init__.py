"""Masks, access log, consent, retention, erasure."""
