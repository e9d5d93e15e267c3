"""The show: a minute and a half of the companion, from a file of scenes."""
