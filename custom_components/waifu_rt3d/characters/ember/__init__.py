"""Ember, the house spirit: small and warm."""
