"""Voices: one module per engine, all behind `Voice`."""
