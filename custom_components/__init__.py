"""Custom components, importable by tests the way Home Assistant imports them."""
