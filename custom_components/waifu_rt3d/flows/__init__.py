"""Config flows: one file for each kind of entry."""
