"""What modules cost when they are imported."""
