"""A room's satellite beyond its talk: settings, timers, other rooms, the music, who speaks."""
