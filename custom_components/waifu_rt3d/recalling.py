"""What a model is given of the past: what was said last, and what of older talk matters now."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .asked import Asked
from .const import LOGGER
from .embedding import async_vector
from .exposure import async_foreign, messages_of
from .house import HOUSE
from .memory import HOUSEHOLD, Role, Store, StoreError
from .memory.embeddings import Vector
from .memory.recall import Recollection
from .memory_shown import shown_memory
from .people import memory_key
from .remembering import scope_of_turn
from .talks import TALKS
from .turn import Turn

BUDGET_TOKENS = 400
LAST_MESSAGES = 24
"""What a model is told again of the session when it does not know it (any more)."""
PATIENCE_S = 1.0
"""No answer waits longer for the memory."""
MEANING_PATIENCE_S = 0.4
"""Nor longer than this for an embedding model: words alone find most of it."""

_TITLE = {
    "en": "What you remember (from earlier, use it only where it helps)",
    "de": "Woran du dich erinnerst (von früher, nutze es nur, wo es hilft)",
}
_SOMEBODY = {"en": "Somebody here", "de": "Jemand hier"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What belongs before a question."""

    history: tuple[tuple[Role, str], ...] = ()
    """The last words of the session, the oldest first."""
    memories: tuple[str, ...] = ()
    """What was said before and matters now, with dates, the most useful first."""
    title: str = ""
    foreign: bool = False
    """Whether a stranger may have written some of the memories (`exposure.py`)."""
    rewound: bool = False
    """Whether the session goes on from another place than the model remembers."""

    def before(self, text: str, lore: Sequence[str] = (), reminder: str = "") -> str:
        """Return the question with what is remembered, and what a card adds, in front of it."""
        lines = [f"{self.title}:", *(f"- {memory}" for memory in self.memories)]
        blocks = [*(lines if self.memories else ()), *lore, *([reminder] if reminder else ())]
        return "\n".join(("<context>", *blocks, "</context>", text)) if blocks else text


async def async_past(asked: Asked, *, said_here: bool = False) -> Past:
    """Return what matters for a question and show it to those who follow the turn.

    `said_here` leaves out what a stranger may have written: for who can't be kept from acting on it.

    A memory that fails or is slow costs the memories, never the answer.
    """
    house, turn = asked.hass.data[HOUSE], asked.turn
    session_id = turn.start.session_id
    rewound = session_id in house.rewound or turn.start.question_id is not None
    house.rewound.discard(session_id)
    if rewound:
        asked.hass.data[TALKS].forget(session_id)
    if house.store is None:
        return Past()
    try:
        async with asyncio.timeout(PATIENCE_S):
            history, found, foreign = await _async_ask(house.store, asked, said_here=said_here)
    except (StoreError, TimeoutError) as err:
        LOGGER.warning("Nothing could be recalled: %s", str(err) or "it took too long")
        return Past(rewound=rewound)
    turn.show_recalled([shown_memory(one) for one in found.memories])
    lines = found.as_text(
        person=_name_of(turn, asked.language),
        character=asked.character.name,
        zone=dt_util.DEFAULT_TIME_ZONE,
    )
    return Past(
        history=history,
        memories=tuple(line.removeprefix("- ") for line in lines.splitlines()),
        title=_TITLE.get(asked.language[:2], _TITLE["en"]),
        foreign=foreign,
        rewound=rewound,
    )


async def _async_ask(
    store: Store, asked: Asked, *, said_here: bool
) -> tuple[tuple[tuple[Role, str], ...], Recollection, bool]:
    """Ask for the last words of the session, for what matters of all others, and if it is foreign."""
    turn, text = asked.turn, asked.text
    scope = scope_of_turn(turn)
    last, vector = await asyncio.gather(
        store.history(scope, turn.start.session_id, limit=LAST_MESSAGES),
        _async_meaning(asked.hass, text),
    )
    found = await store.recall(
        scope,
        text,
        budget_tokens=BUDGET_TOKENS,
        leave_out=[one.id for one in last],
        vector=vector,
    )
    foreign = await async_foreign(store, scope, asked.character, messages_of(found.memories))
    if said_here:
        strange = await async_foreign(store, scope, asked.character, [one.id for one in last])
        last = [one for one in last if one.id not in strange]
        kept = [one for one in found.memories if foreign.isdisjoint(messages_of([one]))]
        found, foreign = replace(found, memories=kept), set()
    if found.memories:
        await store.keep_recalled(scope, turn.id, turn.start.session_id, found)
    before = [one for one in last if one.id != turn.start.question_id]
    history = tuple((one.role, one.heard or one.text) for one in before)
    return history, found, bool(foreign)


async def _async_meaning(hass: HomeAssistant, text: str) -> Vector | None:
    """Return a sentence's vector, if a model of the owner's makes it soon enough."""
    try:
        async with asyncio.timeout(MEANING_PATIENCE_S):
            return await async_vector(hass, text)
    except TimeoutError:
        return None


def _name_of(turn: Turn, language: str) -> str:
    """Return how the person is called in what is remembered."""
    name = turn.start.person.name
    if name is None or memory_key(turn.start.person) == HOUSEHOLD:
        return _SOMEBODY.get(language[:2], _SOMEBODY["en"])
    return name
