"""Take her own voice out of what the microphone hears."""
