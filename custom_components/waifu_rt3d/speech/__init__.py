"""Voices and ears of the house: which engine serves, and what becomes of its sound."""
