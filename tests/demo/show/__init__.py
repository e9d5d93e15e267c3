"""The show of `script/demo`."""
