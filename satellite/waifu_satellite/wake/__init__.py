"""Wake words behind one interface."""
