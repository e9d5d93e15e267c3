"""Tests of how the repository is put together."""
