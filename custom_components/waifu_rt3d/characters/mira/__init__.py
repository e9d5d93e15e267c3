"""Mira, the first companion of every house."""
