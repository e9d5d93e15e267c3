"""Names of the demo agent."""

DOMAIN = "demo_agent"
