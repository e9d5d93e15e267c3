"""A person that was written here, as a card that other programs can read."""

from ..house_rules import house_rules
from ..written import Moment, Written
from .card import Card, Spec

_GREETINGS = (
    Moment.GREETING_MORNING,
    Moment.GREETING_DAY,
    Moment.GREETING_EVENING,
    Moment.GREETING_NIGHT,
)
_EXTENSION = "waifu_rt3d"


def card_of_written(written: Written, name: str) -> Card:
    """Return a V3 card; all own lines go along in an extension."""
    lines = {
        moment.value: [written.named(line, "{{char}}") for line in texts]
        for moment, texts in written.lines.items()
    }
    greetings = [lines[moment.value][0] for moment in _GREETINGS]
    examples = (Moment.HOW_ARE_YOU, Moment.WHO_ARE_YOU, Moment.THANKS, Moment.TIRED)
    data = {
        "name": name,
        "description": written.named(written.story, "{{char}}"),
        "personality": f"{written.manner}\n{written.likes}\n{written.flaw}",
        "scenario": "",
        "first_mes": greetings[1],
        "mes_example": "\n".join(f"<START>\n{{{{char}}}}: {lines[m.value][0]}" for m in examples),
        "creator_notes": "",
        "system_prompt": "",
        "post_history_instructions": house_rules(written.language),
        "alternate_greetings": [greetings[0], *greetings[2:]],
        "group_only_greetings": [],
        "tags": [],
        "creator": "waifu-rt3d",
        "character_version": "1",
        "extensions": {_EXTENSION: {"language": written.language, "lines": lines}},
    }
    raw = {"spec": Spec.V3.value, "spec_version": "3.0", "data": data}
    return Card(spec=Spec.V3, raw=raw)
