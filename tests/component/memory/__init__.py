"""Test the memory: what was said is kept, found and forgotten."""
