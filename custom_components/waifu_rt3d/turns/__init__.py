"""A turn, from a person's words to the end of the text."""
