"""Names of the demo home."""

DOMAIN = "demo_home"
