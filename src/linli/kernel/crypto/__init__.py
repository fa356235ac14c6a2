"""Encrypted fields, keyed hashes, key rotation."""
