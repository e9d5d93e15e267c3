"""Ears: one module per recogniser, each in a process of its own."""
