"""Hear where speech begins and ends, and send it."""
