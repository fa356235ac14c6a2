"""Hotline orders in and out (12345)."""
