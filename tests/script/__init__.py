"""Tests of the scripts that measure and check."""
