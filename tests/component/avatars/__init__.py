"""Tests of the files that people bring."""
