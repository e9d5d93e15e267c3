"""Who answers: written characters, their lines, mood, cards, lore and prompt. Knows no Home Assistant."""
