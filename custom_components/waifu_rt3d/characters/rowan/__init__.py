"""Rowan, the steward: dry and exact."""
