"""Tests of the demo home and its agent."""
