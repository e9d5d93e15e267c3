"""Which remembered words may have been led by a stranger.

An answer that was written while a stranger's text was before the model may repeat its orders. When
such words are recalled they are that stranger's text again, so that harm needs a yes (`consent.py`).
"""

from collections.abc import Collection, Iterable
from typing import Final

from ..cast.character import Character
from ..memory import Scope, Store
from ..memory.ids import is_imported
from ..memory.recall import Memory
from ..remembering.turns import EXPOSED, UNTRUSTED

STRANGER: Final = "stranger"
"""A page that a tool brought, a file of old talk, a lorebook; else the card that was played."""


async def async_foreign(
    store: Store, scope: Scope, character: Character | None, message_ids: Collection[int]
) -> set[int]:
    """Return which messages came from a file, or were written under the eyes of a stranger's text."""
    marks = await store.marks(scope, message_ids, (EXPOSED, UNTRUSTED))
    led = {one for one, mark in marks.items() if not _is_vouched(character, mark)}
    return led | {one for one in message_ids if is_imported(one)}


def messages_of(memories: Iterable[Memory]) -> list[int]:
    """Return the messages of what was recalled."""
    return [line.message_id for memory in memories for line in memory.lines]


def _is_vouched(character: Character | None, mark: str | int) -> bool:
    """Return whether the text was the prompt of a card that an admin trusts by now."""
    return character is not None and mark == character.person and not character.untrusted
