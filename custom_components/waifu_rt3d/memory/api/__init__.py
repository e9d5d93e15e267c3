"""Offer the store's functions as awaitable methods, one subject a file."""
