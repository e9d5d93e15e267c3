"""What a model is given of the past: what was said last, and what of older talk matters now."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..cast.character import Character
from ..const import DOMAIN, LOGGER
from ..house import HOUSE
from ..memory import HOUSEHOLD, Message, Role, Store, StoreError
from ..memory.embeddings import Vector
from ..memory.recall import Recollection
from ..minds.exposure import async_foreign, messages_of
from ..minds.talks import TALKS
from ..turns.asked import Asked
from ..turns.people import memory_key
from ..turns.turn import Turn
from .embedding import async_vector
from .shown import shown_memory
from .turns import scope_of_turn

BUDGET_TOKENS = 400
LAST_MESSAGES = 24
"""What a model is told again of the session when it does not know it (any more)."""
PATIENCE_S = 1.0
"""No answer waits longer for the memory."""
MEANING_PATIENCE_S = 0.4
"""Nor longer than this for an embedding model: words alone find most of it."""

LOOKED_AHEAD: HassKey[WeakKeyDictionary[Turn, _LookUp]] = HassKey(f"{DOMAIN}_looked_ahead")

_TITLE = {
    "en": "What you remember (from earlier, use it only where it helps)",
    "de": "Woran du dich erinnerst (von früher, nutze es nur, wo es hilft)",
}
_SOMEBODY = {"en": "Somebody here", "de": "Jemand hier"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _LookUp:
    """What the memory has for a text."""

    text: str
    last: list[Message]
    """The last words of the session."""
    found: Recollection


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
    return Past(
        history=history,
        memories=_lines(turn, asked.character, asked.language, found),
        title=_TITLE.get(asked.language[:2], _TITLE["en"]),
        foreign=foreign,
        rewound=rewound,
    )


async def async_look_ahead(
    hass: HomeAssistant, turn: Turn, character: Character, text: str, language: str
) -> tuple[str, ...]:
    """Return what would be recalled for words that may be all, and keep it for when they are."""
    store = hass.data[HOUSE].store
    if store is None:
        return ()
    try:
        async with asyncio.timeout(PATIENCE_S):
            looked = await _async_look_up(hass, store, turn, text)
    except StoreError, TimeoutError:
        return ()
    hass.data.setdefault(LOOKED_AHEAD, WeakKeyDictionary())[turn] = looked
    return _lines(turn, character, language, looked.found)


def _lines(turn: Turn, character: Character, language: str, found: Recollection) -> tuple[str, ...]:
    """Return what was found, with dates, a line each."""
    text = found.as_text(
        person=_name_of(turn, language), character=character.name, zone=dt_util.DEFAULT_TIME_ZONE
    )
    return tuple(line.removeprefix("- ") for line in text.splitlines())


async def _async_look_up(hass: HomeAssistant, store: Store, turn: Turn, text: str) -> _LookUp:
    """Ask for the last words of the session, and for what matters of all others."""
    scope = scope_of_turn(turn)
    last, vector = await asyncio.gather(
        store.history(scope, turn.start.session_id, limit=LAST_MESSAGES),
        _async_meaning(hass, text),
    )
    found = await store.recall(
        scope,
        text,
        budget_tokens=BUDGET_TOKENS,
        leave_out=[one.id for one in last],
        vector=vector,
    )
    return _LookUp(text=text, last=last, found=found)


async def _async_ask(
    store: Store, asked: Asked, *, said_here: bool
) -> tuple[tuple[tuple[Role, str], ...], Recollection, bool]:
    """Return the last words of the session, what matters of all others, and if it is foreign."""
    turn, hass = asked.turn, asked.hass
    scope = scope_of_turn(turn)
    looked = hass.data.get(LOOKED_AHEAD, WeakKeyDictionary()).pop(turn, None)
    if looked is None or looked.text != asked.text:
        looked = await _async_look_up(hass, store, turn, asked.text)
    last, found = looked.last, looked.found
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
