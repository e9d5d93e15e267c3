"""The documentation as a site, and its commands as what they are: things that must work."""
