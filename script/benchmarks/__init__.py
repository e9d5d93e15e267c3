"""Benchmarks: each file here is one, and `python -m benchmarks` runs it."""
