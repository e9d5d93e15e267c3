"""What a card tells a model: who it is, what it knows of the world, and how it greets."""

from collections.abc import Sequence
from dataclasses import replace

from ..house_rules import broken_rule
from ..lorebook import Entry, Lorebook, Scan, activated, book_from
from ..macros import Names, expand
from ..prompt import Persona
from .card import Card

_FIELDS = ("system_prompt", "description", "personality", "scenario")
_EXAMPLES = {"en": "Examples of how {char} talks:", "de": "Beispiele, wie {char} spricht:"}
_MAX_GREETING = 700
"""Letters of a first message that are spoken; many cards begin with a whole page."""
_ENDS = ("\n\n", "\n", ". ", "! ", "? ", "。")


def persona_of(
    card: Card, names: Names, *, language: str, trusted: bool = False, rules: str = ""
) -> Persona:
    """Return the persona of a card, marked as untrusted until its owner has read it.

    The same card gives the same bytes as long as `names` has the same names, no time and a seeded
    chance. Lore that always holds is a part of it.
    """
    fields = [expand(card.text(name), names).strip() for name in _FIELDS]
    always = [entry for entry in lorebook_of(card).entries if _always_holds(entry)]
    parts = [
        *(expand(entry.content, names).strip() for entry in always if entry.before),
        *fields,
        *(expand(entry.content, names).strip() for entry in always if not entry.before),
        _examples(card, names, language),
    ]
    return Persona(
        name=names.char,
        text="\n\n".join(part for part in parts if part),
        language=language,
        rules=rules,
        untrusted=not trusted,
        reminder=expand(card.text("post_history_instructions"), names).strip(),
    )


def recalled_lore(
    book: Lorebook, names: Names, said: Sequence[str], *, whole: bool = False
) -> tuple[str, ...]:
    """Return the lore that these messages call up, the newest last, in the order it is placed.

    What is placed deeper in the talk comes earlier: the talk itself is never changed. What always
    holds is left out, because it stands in the persona; a `whole` book has no other place for it.
    """
    entries = book.entries if whole else [e for e in book.entries if not _always_holds(e)]
    asked = tuple(_with_names(entry, names) for entry in entries)
    replies = max(0, (len(said) - 1) // 2)
    scan = Scan(messages=said, replies=replies, random=names.random)
    found = activated(replace(book, entries=asked), scan)
    return tuple(expand(entry.content, names) for entry in sorted(found, key=_place))


def greeting_of(card: Card, names: Names, *, language: str) -> str:
    """Return the first message as it may be spoken: short, and within the rules of the house."""
    greeting = expand(next(iter(card.greetings), ""), names).strip()
    if len(greeting) > _MAX_GREETING:
        cuts = [greeting.rfind(end, 0, _MAX_GREETING) + len(end.strip()) for end in _ENDS]
        greeting = greeting[: max(cuts)].strip() if max(cuts) > 1 else ""
    return "" if broken_rule(greeting, language) else greeting


def lorebook_of(card: Card) -> Lorebook:
    """Return the lorebook of a card, empty when it has none."""
    return book_from(card.book or {})


def _examples(card: Card, names: Names, language: str) -> str:
    """Return the examples of a card under a title."""
    examples = expand(card.text("mes_example"), names).replace("<START>", "").strip()
    title = _EXAMPLES.get(language.partition("-")[0].lower(), _EXAMPLES["en"])
    return f"{title.format(char=names.char)}\n{examples}" if examples else ""


def _always_holds(entry: Entry) -> bool:
    """Return whether an entry stands in every prompt, and in the same place."""
    fixed = entry.depth is None and not entry.decorators and entry.probability >= 100
    return entry.enabled and entry.constant and fixed


def _with_names(entry: Entry, names: Names) -> Entry:
    """Return an entry whose keys have their macros replaced."""
    keys = tuple(expand(key, names) for key in entry.keys)
    return replace(entry, keys=keys, secondary=tuple(expand(k, names) for k in entry.secondary))


def _place(entry: Entry) -> tuple[int, int]:
    """Return where an entry stands: before the character, behind it, then from deep to shallow."""
    if entry.depth is not None:
        return 2, -entry.depth
    return (0 if entry.before else 1), 0
