"""Make the project's own avatars from readable parameter files."""
