"""Wyoming servers beside each other: ours and others', asked the same by the same client."""
