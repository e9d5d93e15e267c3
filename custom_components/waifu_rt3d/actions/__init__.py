"""The actions, for automations and scripts."""
