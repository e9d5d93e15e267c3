"""From a card to the prompt."""

from datetime import datetime
from random import Random

from custom_components.waifu_rt3d.characters.cards.card import card_from
from custom_components.waifu_rt3d.characters.cards.persona import lorebook_of, persona_of
from custom_components.waifu_rt3d.characters.macros import Names

NAMES = Names(char="Ada", user="Ben", now=datetime(2026, 11, 23), random=Random(1))
CARD = card_from(
    {
        "spec": "chara_card_v2",
        "spec_version": "2.0",
        "data": {
            "name": "Ada",
            "description": "{{char}} is calm.",
            "personality": "dry",
            "scenario": "",
            "first_mes": "",
            "mes_example": "<START>\n{{user}}: Hi\n{{char}}: Hm.",
            "post_history_instructions": "Stay {{char}}.",
            "character_book": {"entries": [{"keys": ["x"], "content": "y"}]},
        },
    }
)


def test_card_becomes_a_persona() -> None:
    """All texts are told with their names, and marked as untrusted."""
    persona = persona_of(CARD, NAMES, language="en")
    assert persona.text.startswith("Ada is calm.\n\ndry\n\nExamples of how Ada talks:\nBen: Hi")
    assert persona.reminder == "Stay Ada."
    assert persona.untrusted
    assert not persona_of(CARD, NAMES, language="en", trusted=True).untrusted


def test_lorebook_of_a_card() -> None:
    """The book of the card is read, a missing one is empty."""
    assert len(lorebook_of(CARD).entries) == 1
    assert lorebook_of(card_from({"name": "A", "description": "b"})).entries == ()
