"""What a card tells a model."""

from ..lorebook import Lorebook, book_from
from ..macros import Names, expand
from ..prompt import Persona
from .card import Card

_FIELDS = ("system_prompt", "description", "personality", "scenario")
_EXAMPLES = "Examples of how {char} talks:"


def persona_of(card: Card, names: Names, *, language: str, trusted: bool = False) -> Persona:
    """Return the persona of a card, marked as untrusted until its owner has read it.

    The same card gives the same bytes as long as `names` has the same names and a seeded chance.
    """
    parts = [expand(card.text(name), names).strip() for name in _FIELDS]
    examples = expand(card.text("mes_example"), names).replace("<START>", "").strip()
    if examples:
        parts.append(f"{_EXAMPLES.format(char=names.char)}\n{examples}")
    return Persona(
        name=card.called,
        text="\n\n".join(part for part in parts if part),
        language=language,
        untrusted=not trusted,
        reminder=expand(card.text("post_history_instructions"), names).strip(),
    )


def lorebook_of(card: Card) -> Lorebook:
    """Return the lorebook of a card, empty when it has none."""
    return book_from(card.book or {})
