"""Who thinks for a character, and what it may do."""
