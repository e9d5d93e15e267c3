"""A real Home Assistant with the companion, a demo home, a speech server and a satellite."""
