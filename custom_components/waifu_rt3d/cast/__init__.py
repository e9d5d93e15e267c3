"""The characters of the house: who they are, how they look, what state they are in."""
