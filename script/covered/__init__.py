"""How much of each part its tests run, and what is the least of it."""
