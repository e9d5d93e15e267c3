"""What the speech server hears: commands of a home, and times in other voices."""
