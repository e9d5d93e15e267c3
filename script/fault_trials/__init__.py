"""Faults, tried for real: parts of a demo home are killed or cut off in the middle of a turn."""
