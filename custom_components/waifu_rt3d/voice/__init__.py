"""Ears and voices: the Wyoming client of our speech server, and proxies for other engines."""
