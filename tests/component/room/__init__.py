"""Rooms in a real Home Assistant."""
