"""What a stranger's text must not do in a house."""
