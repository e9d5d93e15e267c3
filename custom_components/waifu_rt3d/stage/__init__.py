"""What the person sees and hears of a turn: markup, cues, visemes, the timeline and the bus."""
